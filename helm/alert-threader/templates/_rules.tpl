{{- /* The rules of the plain file, as an object; `{}` when it can't be read. What Prometheus writes in {{ }} stays text. */}}
{{- define "alert-threader.rulesFile" -}}
{{- .Files.Get "files/alert-threader.rules.yaml" | fromYaml | toYaml }}
{{- end }}

{{- /* Names of the alerts in it, as {alerts: […]}. */}}
{{- define "alert-threader.alertNames" -}}
{{- $names := list }}
{{- range (include "alert-threader.rulesFile" . | fromYaml).groups }}
{{- range .rules }}{{ with .alert }}{{ $names = append $names . }}{{ end }}{{ end }}
{{- end }}
{{- dict "alerts" ($names | uniq) | toYaml }}
{{- end }}

{{- /* The groups as prometheusRule wants them: some alerts left out, labels added, each runbook's address, more rules. */}}
{{- define "alert-threader.ruleGroups" -}}
{{- $wanted := .Values.prometheusRule }}
{{- $groups := list }}
{{- range (include "alert-threader.rulesFile" . | fromYaml).groups }}
{{- $rules := list }}
{{- range .rules }}
{{- if not (has .alert ($wanted.disabledAlerts | default list)) }}
{{- $rule := . }}
{{- if .alert }}
{{- $rule = merge (dict "labels" (merge (dict) ($wanted.ruleLabels | default dict) (.labels | default dict))) $rule }}
{{- $page := (.annotations | default dict).runbook }}
{{- if and $wanted.runbookBaseUrl $page }}
{{- $url := printf "%s/%s" (trimSuffix "/" $wanted.runbookBaseUrl) $page }}
{{- $rule = merge (dict "annotations" (merge (dict "runbook_url" $url) (omit .annotations "runbook"))) (omit $rule "annotations") }}
{{- end }}
{{- end }}
{{- $rules = append $rules $rule }}
{{- end }}
{{- end }}
{{- if $rules }}{{ $groups = append $groups (merge (dict "rules" $rules) .) }}{{ end }}
{{- end }}
{{- with $wanted.extraRules }}
{{- $groups = append $groups (dict "name" "alert-threader.extra" "rules" .) }}
{{- end }}
{{- toYaml $groups }}
{{- end }}
