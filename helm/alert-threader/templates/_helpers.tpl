{{- define "alert-threader.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimAll "-" }}
{{- end }}

{{- define "alert-threader.fullname" -}}
{{- $name := include "alert-threader.name" . }}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 63 | trimAll "-" }}
{{- else if contains $name .Release.Name }}
{{- .Release.Name | trunc 63 | trimAll "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name $name | trunc 63 | trimAll "-" }}
{{- end }}
{{- end }}

{{- /*
  What the Deployment and the Service find the pods by; it can't change in the life of a release. Here as everywhere, what
  people give is quoted: a release may be called 2024, and that is a number in YAML.
*/}}
{{- define "alert-threader.selectorLabels" -}}
app.kubernetes.io/name: {{ include "alert-threader.name" . | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end }}

{{- /*
  Merged, as what people give may have a key of ours, and a key that is there twice is refused by some tools. Here as
  everywhere, a value that is there and says nothing (`commonLabels:`) is null, and so as good as none.
*/}}
{{- define "alert-threader.commonLabels" -}}
{{- $usual := dict "helm.sh/chart" (printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_") }}
{{- $usual = merge $usual (dict "app.kubernetes.io/version" .Chart.AppVersion "app.kubernetes.io/managed-by" .Release.Service) }}
{{- merge (dict) (.Values.commonLabels | default dict) $usual | toYaml }}
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
