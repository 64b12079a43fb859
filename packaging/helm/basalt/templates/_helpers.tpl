{{- define "basalt.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 52 | trimSuffix "-" -}}
{{- end -}}

{{/* Shorter than the 63 of a label, because a StatefulSet appends to it. */}}
{{- define "basalt.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 52 | trimSuffix "-" -}}
{{- else -}}
{{- $name := include "basalt.name" . -}}
{{- if contains $name .Release.Name -}}
{{- .Release.Name | trunc 52 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 52 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "basalt.selector" -}}
app.kubernetes.io/name: {{ include "basalt.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "basalt.labels" -}}
{{ include "basalt.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- end -}}

{{- define "basalt.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "basalt.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "basalt.image" -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) -}}
{{- end -}}
{{- end -}}

{{- define "basalt.url" -}}
{{- if .Values.externalUrl -}}
{{- .Values.externalUrl -}}
{{- else if .Values.ingress.enabled -}}
{{- printf "%s://%s" (ternary "https" "http" (ne .Values.ingress.tlsSecret "")) .Values.ingress.host -}}
{{- end -}}
{{- end -}}

{{/* Values that contradict each other; what one value alone may be, values.schema.json says. */}}
{{- define "basalt.check" -}}
{{- $v := .Values -}}
{{- if and (gt (int $v.replicas) 1) (not $v.postgres.existingSecret) -}}
{{- fail "replicas: several servers need their metadata in PostgreSQL, because a SQLite file is locked to one; give postgres.existingSecret, or set replicas to 1" -}}
{{- end -}}
{{- if and (gt (int $v.replicas) 1) (not $v.encryptionKey.existingSecret) -}}
{{- fail "replicas: several servers need the same key; give encryptionKey.existingSecret, or set replicas to 1" -}}
{{- end -}}
{{- if and (gt (int $v.replicas) 1) $v.persistence.existingClaim -}}
{{- fail "persistence.existingClaim: one claim serves one server; leave it empty, so that each gets its own, or set replicas to 1" -}}
{{- end -}}
{{- if and $v.demo $v.postgres.existingSecret -}}
{{- fail "demo: sample data lies in a file of its own; leave postgres.existingSecret empty" -}}
{{- end -}}
{{- if and (not $v.persistence.enabled) (not $v.postgres.existingSecret) (not $v.demo) -}}
{{- fail "persistence.enabled: without a volume the metadata is lost with the pod; give postgres.existingSecret, or set demo to true" -}}
{{- end -}}
{{- if and (not $v.persistence.enabled) (not $v.encryptionKey.existingSecret) (not $v.demo) -}}
{{- fail "persistence.enabled: without a volume the key is lost with the pod, and with it all stored passwords; give encryptionKey.existingSecret" -}}
{{- end -}}
{{- if and $v.ingress.enabled (not $v.ingress.host) -}}
{{- fail "ingress.host: name the host of the ingress, e.g. basalt.example.com" -}}
{{- end -}}
{{- end -}}
