"""Renders the chart as Helm does, and holds what comes out against the schemas of Kubernetes and the rules of the house.

Helm's own library (helm-python-sdk) lints and renders; kubernetes-validate knows the schemas. Nothing is asked of a cluster.
Run by packaging/check.sh: python3 packaging/helm/check.py
"""

import re
import sys
from pathlib import Path

import helm_python
import kubernetes_validate
import yaml

ROOT = Path(__file__).resolve().parents[2]
CHART = Path(__file__).resolve().parent / "basalt"
# The oldest that Chart.yaml allows, and the newest with a schema.
VERSIONS = ["1.27", "1.37"]
POSTGRES = {"postgres": {"existingSecret": "basalt-pg"}}
KEY = {"encryptionKey": {"existingSecret": "basalt-key"}}
TLS = {"ingress": {"enabled": True, "host": "basalt.example.com", "className": "nginx", "tlsSecret": "basalt-tls"}}

failures = []


def holds(what, condition):
    if not condition:
        failures.append(what)


def render(values):
    """The documents by kind, and NOTES.txt."""
    with helm_python.Chart.load(CHART) as chart:
        files = chart.render(values=values, name="shop", namespace="db")
    documents = {}
    for name, text in files.items():
        for document in yaml.safe_load_all(text) if name.endswith(".yaml") else []:
            if document:
                documents[document["kind"]] = document
    notes = "".join(text for name, text in files.items() if name.endswith("NOTES.txt"))
    return documents, notes


def valid(case, documents):
    for document in documents.values():
        for version in VERSIONS:
            try:
                kubernetes_validate.validate(document, version, strict=True)
            except kubernetes_validate.ValidationError as error:
                failures.append(f"{case}: {document['kind']} on {version}: {error}")
    pod = documents["StatefulSet"]["spec"]["template"]
    spec, container = pod["spec"], pod["spec"]["containers"][0]
    holds(f"{case}: no token of Kubernetes", spec["automountServiceAccountToken"] is False)
    holds(f"{case}: not root", spec["securityContext"]["runAsNonRoot"] is True)
    holds(f"{case}: seccomp", spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"})
    secure = container["securityContext"]
    holds(f"{case}: read-only root", secure.get("readOnlyRootFilesystem") is True)
    holds(f"{case}: no capability", secure.get("capabilities") == {"drop": ["ALL"]})
    holds(f"{case}: no more privileges", secure.get("allowPrivilegeEscalation") is False)
    mounts = {mount["name"]: mount["mountPath"] for mount in container["volumeMounts"]}
    holds(f"{case}: places to write", mounts == {"data": "/data", "tmp": "/tmp"})
    volumes = {v["name"] for v in spec["volumes"]}
    claims = {c["metadata"]["name"] for c in documents["StatefulSet"]["spec"].get("volumeClaimTemplates", [])}
    holds(f"{case}: every mount has one volume", volumes | claims == set(mounts) and not volumes & claims)
    holds(f"{case}: memory is bounded", "memory" in container["resources"]["limits"])
    for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
        holds(f"{case}: {probe}", container[probe]["httpGet"] == {"path": "/healthz", "port": "http"})
    start = container["startupProbe"]
    holds(f"{case}: a start may take minutes", start["periodSeconds"] * start["failureThreshold"] >= 300)
    selector = documents["StatefulSet"]["spec"]["selector"]["matchLabels"]
    holds(f"{case}: selects its pods", selector.items() <= pod["metadata"]["labels"].items())
    holds(f"{case}: the service finds them", documents["Service"]["spec"]["selector"] == selector)


def environment(documents):
    container = documents["StatefulSet"]["spec"]["template"]["spec"]["containers"][0]
    return {e["name"]: e.get("value", e.get("valueFrom", {}).get("secretKeyRef")) for e in container["env"]}


def cases():
    documents, notes = render({})
    valid("defaults", documents)
    holds("defaults: kinds", sorted(documents) == ["Service", "ServiceAccount", "StatefulSet"])
    holds("defaults: a volume", documents["StatefulSet"]["spec"]["volumeClaimTemplates"][0]["spec"]["resources"]["requests"]["storage"] == "10Gi")
    holds("defaults: SQLite", not {"BASALT_PG", "BASALT_KEY", "BASALT_DEMO", "BASALT_EXTERNAL_URL"} & set(environment(documents)))
    holds("defaults: notes", "port-forward service/shop-basalt" in notes and "basalt.key" in notes)

    documents, notes = render({**POSTGRES, **KEY, "replicas": 2})
    valid("postgres", documents)
    env = environment(documents)
    holds("postgres: url", env["BASALT_PG"] == {"name": "basalt-pg", "key": "url"})
    holds("postgres: key", env["BASALT_KEY"] == {"name": "basalt-key", "key": "key"})
    holds("postgres: budget", documents["PodDisruptionBudget"]["spec"]["maxUnavailable"] == 1)

    documents, notes = render(TLS)
    valid("ingress", documents)
    ingress = documents["Ingress"]["spec"]
    holds("ingress: tls", ingress["tls"] == [{"hosts": ["basalt.example.com"], "secretName": "basalt-tls"}])
    backend = ingress["rules"][0]["http"]["paths"][0]["backend"]["service"]
    holds("ingress: leads to the service", backend == {"name": documents["Service"]["metadata"]["name"], "port": {"name": "http"}})
    holds("ingress: url", environment(documents)["BASALT_EXTERNAL_URL"] == "https://basalt.example.com" and "Open https://basalt.example.com" in notes)

    documents, _ = render({**POSTGRES, **KEY, "persistence": {"enabled": False}})
    valid("no volume", documents)
    holds("no volume: scratch", {"name": "data", "emptyDir": {}} in documents["StatefulSet"]["spec"]["template"]["spec"]["volumes"])

    documents, _ = render({
        "persistence": {"existingClaim": "old"}, "serviceAccount": {"create": False, "name": "mine"},
        "image": {"repository": "registry.example.com/basalt", "digest": "sha256:" + "a" * 64},
        "networkPolicy": {"enabled": True, "from": [{"podSelector": {}}], "egress": [{"ports": [{"port": 5432}]}]},
        "readonly": True, "auditStdout": True, "webhookHosts": ["chat.example.com", "ci.example.com:8443"],
        "extraEnv": [{"name": "BASALT_LOG", "value": "info"}], "podAnnotations": {"a": "b"}, "podLabels": {"c": "d"},
        "nodeSelector": {"disk": "ssd"}, "tolerations": [{"operator": "Exists"}], "imagePullSecrets": [{"name": "pull"}],
        "topologySpreadConstraints": [{"maxSkew": 1, "topologyKey": "zone", "whenUnsatisfiable": "ScheduleAnyway"}],
        "affinity": {"nodeAffinity": {}}, "priorityClassName": "high", "service": {"type": "LoadBalancer", "annotations": {"e": "f"}},
        "externalUrl": "https://db.example.com",
    })
    valid("everything", documents)
    spec = documents["StatefulSet"]["spec"]["template"]["spec"]
    holds("everything: digest", spec["containers"][0]["image"] == "registry.example.com/basalt@sha256:" + "a" * 64)
    holds("everything: account", spec["serviceAccountName"] == "mine" and "ServiceAccount" not in documents)
    holds("everything: policy", documents["NetworkPolicy"]["spec"]["policyTypes"] == ["Ingress", "Egress"])
    env = environment(documents)
    holds("everything: flags", env["BASALT_READONLY"] == "true" and env["BASALT_WEBHOOK_HOST"] == "chat.example.com,ci.example.com:8443")

    documents, _ = render({"demo": True, "persistence": {"enabled": False}})
    valid("demo", documents)


def refusals():
    for values, words in [
        ({"replicas": 2, **KEY}, "metadata in PostgreSQL"),
        ({"replicas": 2, **POSTGRES}, "encryptionKey.existingSecret"),
        ({"replicas": 2, **POSTGRES, **KEY, "persistence": {"existingClaim": "x"}}, "one claim serves one server"),
        ({"demo": True, **POSTGRES}, "sample data"),
        ({"persistence": {"enabled": False}}, "lost with the pod"),
        ({"persistence": {"enabled": False}, **POSTGRES}, "the key is lost"),
        ({"ingress": {"enabled": True}}, "ingress.host"),
        # By the schema: type, range, pattern, name.
        ({"replicas": "two"}, "replicas"),
        ({"replicas": -1}, "replicas"),
        ({"service": {"port": 70000}}, "port"),
        ({"persistence": {"size": "much"}}, "size"),
        ({"externalUrl": "basalt.example.com"}, "externalUrl"),
        ({"image": {"pullPolicy": "Sometimes"}}, "pullPolicy"),
        ({"postgres": {"url": "postgres://u:p@h/d"}}, "url"),
        ({"ingres": {"enabled": True}}, "ingres"),
    ]:
        try:
            render(values)
            failures.append(f"{values} was rendered")
        except helm_python.HelmError as error:
            holds(f"{values}: {words!r} not in {error}", words in str(error))


def versions():
    release = re.search(r'^version = "(.*)"', (ROOT / "Cargo.toml").read_text(), re.M).group(1)
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text())
    holds(f"Chart.yaml: appVersion is not the release {release}", chart["appVersion"] == release)
    lint = helm_python.lint(CHART, strict=True)
    holds(f"lint: {lint}", not [m for m in lint["messages"] if m["severity"] >= 2])


cases()
refusals()
versions()
if failures:
    sys.exit("helm: FAILED\n  " + "\n  ".join(failures))
print(f"helm: ok (Helm {helm_python.helm_sdk_version()}, Kubernetes {' and '.join(VERSIONS)})")
