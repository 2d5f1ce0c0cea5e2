{{- define "alert-threader.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "alert-threader.fullname" -}}
{{- $name := include "alert-threader.name" . }}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" }}
{{- else if contains $name .Release.Name }}
{{- .Release.Name | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name $name | trunc 63 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- /* What the Deployment and the Service find the pods by; it can't change in the life of a release. */}}
{{- define "alert-threader.selectorLabels" -}}
app.kubernetes.io/name: {{ include "alert-threader.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "alert-threader.commonLabels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "alert-threader.labels" -}}
{{ include "alert-threader.selectorLabels" . }}
{{ include "alert-threader.commonLabels" . }}
{{- end }}

{{- define "alert-threader.image" -}}
{{- with .Values.image }}
{{- if .digest }}{{ .repository }}@{{ .digest }}{{ else }}{{ .repository }}:{{ .tag | default $.Chart.AppVersion }}{{ end }}
{{- end }}
{{- end }}

{{- define "alert-threader.serviceAccountName" -}}
{{- if .Values.serviceAccount.create }}
{{- .Values.serviceAccount.name | default (include "alert-threader.fullname" .) }}
{{- else }}
{{- .Values.serviceAccount.name | default "default" }}
{{- end }}
{{- end }}

{{- /* What may be in the Secret. Not the keys of `secrets`: Helm takes one away that is given as null. */}}
{{- define "alert-threader.secretKeys" -}}
{{- list "ADMIN_TOKEN" "ALERTMANAGER_PASSWORD" "ALERTMANAGER_TOKEN" "ALERTMANAGER_USERNAME" "GRAFANA_PASSWORD" "GRAFANA_TOKEN" "GRAFANA_USERNAME" "REDIS_URL" "SLACK_APP_TOKEN" "SLACK_BOT_TOKEN" "WEBHOOK_TOKEN" | join " " }}
{{- end }}

{{- define "alert-threader.secretName" -}}
{{- .Values.existingSecret | default (include "alert-threader.fullname" .) }}
{{- end }}

{{- define "alert-threader.claimName" -}}
{{- .Values.persistence.existingClaim | default (include "alert-threader.fullname" .) }}
{{- end }}

{{- /* The most replicas that there may be, as text. */}}
{{- define "alert-threader.replicas" -}}
{{- if .Values.autoscaling.enabled }}{{ .Values.autoscaling.maxReplicas }}{{ else }}{{ .Values.replicaCount }}{{ end }}
{{- end }}

{{- /* Port of an address: what it says, or its scheme's. */}}
{{- define "alert-threader.portOf" -}}
{{- $url := urlParse . }}
{{- regexFind ":[0-9]+$" $url.host | trimPrefix ":" | default (eq $url.scheme "http" | ternary "80" "443") }}
{{- end }}
