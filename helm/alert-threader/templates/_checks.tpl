{{- /* Values that are fine by themselves and wrong together, or missing: all of them in one message. */}}
{{- define "alert-threader.checks" -}}
{{- $missing := list }}
{{- range list "image" "config" "secrets" "persistence" "service" "serviceAccount" "ingress" "networkPolicy" "serviceMonitor" "prometheusRule" "grafanaDashboard" "podDisruptionBudget" "autoscaling" }}
{{- if not (kindIs "map" (get $.Values .)) }}{{ $missing = append $missing . }}{{ end }}
{{- end }}
{{- if and (kindIs "map" .Values.networkPolicy) (not .Values.networkPolicy.dnsPorts) }}{{ $missing = append $missing "networkPolicy.dnsPorts" }}{{ end }}
{{- if $missing }}
{{- fail (printf "\n\nThe values %s are missing. Those of an older chart have not all that this one needs: upgrade with --reset-then-reuse-values in place of --reuse-values, and set none of them to null.\n" (join ", " $missing)) }}
{{- end }}
{{- $faults := list }}
{{- $redis := eq .Values.threadStore "redis" }}
{{- $fullname := include "alert-threader.fullname" . }}
{{- $given := list }}
{{- range $name, $value := .Values.secrets }}{{ if trimAll "\r\n" $value }}{{ $given = append $given $name }}{{ end }}{{ end }}

{{- if not .Values.config.SLACK_CHANNEL }}
{{- $faults = append $faults "config.SLACK_CHANNEL is missing: set the id of the channel for alerts that name no other" }}
{{- end }}
{{- if not (regexMatch "^[a-z]([a-z0-9-]*[a-z0-9])?$" $fullname) }}
{{- $faults = append $faults (printf "the name %s can't be that of a Service, which begins with a letter and has a-z, 0-9 and - alone: set fullnameOverride" $fullname) }}
{{- end }}
{{- if .Values.existingSecret }}
{{- if eq .Values.existingSecret $fullname }}
{{- $faults = append $faults (printf "existingSecret is %s, the name of the chart's own Secret, which an upgrade would delete: copy that Secret to another name, and set existingSecret to it" $fullname) }}
{{- end }}
{{- if $given }}
{{- $faults = append $faults (printf "existingSecret is set, so secrets.%s would not be used: put it into that Secret, or leave existingSecret empty" (join ", secrets." $given)) }}
{{- end }}
{{- else }}
{{- if not (has "SLACK_BOT_TOKEN" $given) }}
{{- $faults = append $faults "secrets.SLACK_BOT_TOKEN is missing: set it, or existingSecret to the name of a Secret that has it" }}
{{- end }}
{{- if and $redis (not (has "REDIS_URL" $given)) }}
{{- $faults = append $faults "threadStore is redis and secrets.REDIS_URL is missing: set it, or existingSecret to the name of a Secret that has it" }}
{{- end }}
{{- if and .Values.ingress.enabled (not .Values.requireTokens) (not (has "WEBHOOK_TOKEN" $given)) }}
{{- $faults = append $faults "ingress.enabled lets everybody outside send alerts: set secrets.WEBHOOK_TOKEN, or requireTokens to true" }}
{{- end }}
{{- end }}

{{- if not $redis }}
{{- if gt (int .Values.replicaCount) 1 }}
{{- $faults = append $faults (printf "replicaCount is %d, and a file store takes one process: set replicaCount to 1, or threadStore to redis with secrets.REDIS_URL" (int .Values.replicaCount)) }}
{{- end }}
{{- if .Values.autoscaling.enabled }}
{{- $faults = append $faults "autoscaling.enabled starts more pods, and a file store takes one process: set it to false, or threadStore to redis with secrets.REDIS_URL" }}
{{- end }}
{{- if has "REDIS_URL" $given }}
{{- $faults = append $faults "secrets.REDIS_URL is set, and threadStore is file: set threadStore to redis, or leave the address empty" }}
{{- end }}
{{- if and .Values.persistence.existingClaim (not .Values.persistence.keep) (eq .Values.persistence.existingClaim $fullname) }}
{{- $faults = append $faults (printf "persistence.existingClaim is %s, the name of the chart's own claim, which an upgrade would delete: leave it empty, and the chart uses that claim" $fullname) }}
{{- end }}
{{- if and .Values.persistence.existingClaim (not .Values.persistence.enabled) }}
{{- $faults = append $faults "persistence.existingClaim is set, and persistence.enabled is false: set it to true, or leave the claim empty" }}
{{- end }}
{{- end }}

{{- if and .Values.autoscaling.enabled (gt (int .Values.autoscaling.minReplicas) (int .Values.autoscaling.maxReplicas)) }}
{{- $faults = append $faults "autoscaling.minReplicas is more than autoscaling.maxReplicas" }}
{{- end }}
{{- $resources := .Values.resources }}
{{- if and .Values.autoscaling.enabled (not (or (($resources).requests).cpu (($resources).limits).cpu)) }}
{{- $faults = append $faults "autoscaling.enabled goes by resources.requests.cpu, which is missing: set it" }}
{{- end }}
{{- if and .Values.ingress.enabled (not .Values.ingress.hosts) }}
{{- $faults = append $faults "ingress.enabled is true and ingress.hosts is empty: set a host name" }}
{{- end }}
{{- if .Values.prometheusRule.enabled }}
{{- $alerts := (include "alert-threader.alertNames" . | fromYaml).alerts }}
{{- if not $alerts }}
{{- $faults = append $faults "prometheusRule.enabled is true and the chart has no files/alert-threader.rules.yaml that can be read: take the whole chart" }}
{{- end }}
{{- range .Values.prometheusRule.disabledAlerts }}
{{- if not (has . $alerts) }}
{{- $faults = append $faults (printf "prometheusRule.disabledAlerts names %s, which is no alert: there are %s" . (join ", " $alerts)) }}
{{- end }}
{{- end }}
{{- end }}
{{- if and .Values.grafanaDashboard.enabled (not (.Files.Get "files/alert-threader.dashboard.json")) }}
{{- $faults = append $faults "grafanaDashboard.enabled is true and the chart has no files/alert-threader.dashboard.json: take the whole chart" }}
{{- end }}
{{- $ours := concat (keys .Values.config) (include "alert-threader.secretKeys" . | splitList " ") (list "THREAD_STORE" "THREAD_STORE_FILE" "BIND_PORT" "NODE_OPTIONS") }}
{{- $selector := include "alert-threader.selectorLabels" . | fromYaml }}
{{- range $value := list "commonLabels" "podLabels" }}
{{- range $label, $_ := get $.Values $value | default dict }}
{{- if hasKey $selector $label }}
{{- $faults = append $faults (printf "%s sets %s, by which the Service finds the pods: leave it out" $value $label) }}
{{- end }}
{{- end }}
{{- end }}
{{- range .Values.extraEnv }}
{{- if has .name $ours }}
{{- $faults = append $faults (printf "extraEnv sets %s, which the chart sets: use config, secrets, threadStore or nodeOptions" .name) }}
{{- end }}
{{- end }}

{{- if $faults }}
{{- fail (printf "\n\nThe values can't be used:\n- %s\n" (join "\n- " $faults)) }}
{{- end }}
{{- end }}
