#!/usr/bin/env bash
# What the GitHub Action does: check, then comment on a pull request. Only the check decides about the job.
set -euo pipefail

read -r -a lockkeeper <<< "$INPUT_COMMAND"
read -r -a paths <<< "${INPUT_PATHS:-}"
since="${INPUT_SINCE:-}"
if [ -z "$since" ] && [ -n "${GITHUB_BASE_REF:-}" ]; then
  since="origin/$GITHUB_BASE_REF"
fi
what=(${paths[@]+"${paths[@]}"})
[ -z "$since" ] || what+=(--since "$since")

# The token is for the comment alone.
token="${GITHUB_TOKEN:-}"
unset GITHUB_TOKEN

comments=false
if [ "${INPUT_COMMENT:-true}" = true ] && [ -n "${GITHUB_BASE_REF:-}" ]; then
  comments=true
fi
# Annotations say the same as comments, so they are for where there are none.
format=github
[ "$comments" = false ] || format=human

status=0
"${lockkeeper[@]}" check ${what[@]+"${what[@]}"} --fail-on "$INPUT_FAIL_ON" --format "$format" \
  --format "markdown=${GITHUB_STEP_SUMMARY:-/dev/null}" || status=$?

if [ "$comments" = true ]; then
  about=(--id "$INPUT_ID")
  [ -z "${INPUT_PLAYGROUND:-}" ] || about+=(--playground "$INPUT_PLAYGROUND")
  GITHUB_TOKEN="$token" "${lockkeeper[@]}" comment ${what[@]+"${what[@]}"} "${about[@]}" || failed=$?
fi
[ "$status" -ne 0 ] || status="${failed:-0}"
exit "$status"
