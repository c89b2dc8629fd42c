#!/usr/bin/env bash
# What can be checked of deploy/ without a cluster, a container engine or systemd. A step of .ci/run; by hand it needs no more
# than bash, and says which checks it had to leave out. Where CI=true none may be left out.
#
# Elsewhere: tests/kafka/prometheus.rs (every expression against a Prometheus that scrapes a worker; an alert that fires),
# tests/kafka/security.rs (the rights), tests/contract/config.rs (every newsmill.toml).
set -euo pipefail
cd "$(dirname "$0")/.."

failed=0
fail() { printf 'wrong: %s\n' "$1" && failed=1; }

have() {
  command -v "$1" >/dev/null && return 0
  if [ "${CI:-}" = true ]; then
    fail "$1 is missing: $2"
  else
    printf 'not checked, no %s: %s\n' "$1" "$2"
  fi
  return 1
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if have shellcheck "scripts"; then
  shellcheck deploy/*.sh deploy/kafka/*.sh || fail "scripts"
fi

if have promtool "alerts"; then
  promtool check rules deploy/prometheus/alerts.yaml || fail "alerts"
  promtool test rules deploy/prometheus/alerts.test.yaml || fail "tests of the alerts"
fi

# Each alert has a section in the runbook, a link to it, and a test; each section of the runbook has an alert.
alerts=$(sed -n 's/^ *- alert: //p' deploy/prometheus/alerts.yaml | sort)
sections=$(sed -n '/^## Alerts/,$ s/^### //p' docs/operations.md | sort)
[ "$alerts" = "$sections" ] || fail "alerts and sections of docs/operations.md: $(diff <(echo "$alerts") <(echo "$sections"))"
for alert in $alerts; do
  grep -q "runbook: docs/operations.md#${alert,,}\$" deploy/prometheus/alerts.yaml || fail "$alert: no link to its section"
  grep -q "alertname: $alert\$" deploy/prometheus/alerts.test.yaml || fail "$alert: no test in which it fires"
done

if have systemd-analyze "the unit"; then
  # The program is not installed where this runs.
  sed 's#/usr/local/bin/newsmill#/bin/true#' deploy/systemd/newsmill.service > "$work/newsmill.service"
  told=$(systemd-analyze verify --man=no "$work/newsmill.service" 2>&1) || fail "the unit: $told"
  [ -z "$told" ] || fail "the unit: $told"
  # 20 of 100 is "OK"; a line that loosens the unit goes beyond.
  systemd-analyze security --offline=true --threshold=20 "$work/newsmill.service" > "$work/security" || fail "the unit is exposed"
  tail -n 1 "$work/security"
fi

if have kubectl "manifests"; then
  for folder in base keda; do
    kubectl kustomize "deploy/kubernetes/$folder" > "$work/$folder.yaml" || fail "deploy/kubernetes/$folder"
    # An empty selector takes every pod of the namespace.
    if grep -nE '[sS]elector: \{\}' "$work/$folder.yaml"; then fail "deploy/kubernetes/$folder: an empty selector"; fi
    if have kubernetes-validate "manifests against Kubernetes' schemas"; then
      told=$(kubernetes-validate --kubernetes-version 1.33 --strict "$work/$folder.yaml" 2>&1) || true
      echo "$told"
      # KEDA's kinds are no part of Kubernetes: their schema comes with the operator.
      if grep -vE '^INFO .* passed for resource|^WARN .*keda\.sh' <<< "$told"; then fail "deploy/kubernetes/$folder"; fi
    fi
  done
fi

echo "not checked here: docker build, compose up, KEDA's kinds, Grafana's panels as pictures, the unit under a running systemd"
exit $failed
