# Part of the launcher: `runnel verify [MAVEN ARGS]`, the test command of the README. Needs what the launcher defines.

warn_minutes=45
most_minutes=75

verify() {
  case ${1:-} in
    -h | --help)
      echo "Usage: runnel verify [MAVEN ARGS]"
      echo "Installs what the tests need (as root or with CI=true; else says what), then builds everything and runs every test."
      echo "  MAVEN ARGS   go to 'mvn verify': -pl topology -am"
      return 0
      ;;
  esac
  started=$(date +%s)
  . "$scripts/doctor.sh"
  doctor --install || say "going on all the same: what is missing will be named again by what needs it"
  need_jdk
  command -v mvn >/dev/null 2>&1 || fail "Maven is missing; install it: $(install_hint maven)"
  if strict; then
    RUNNEL_STRICT=1
    export RUNNEL_STRICT
  fi
  [ -t 1 ] || set -- -B -ntp "$@"
  status=0
  JAVA_HOME=$jdk mvn -f "$top/pom.xml" verify "$@" || status=$?
  seconds=$(($(date +%s) - started))
  took="$((seconds / 60)) min $((seconds % 60)) s"
  [ "$status" -eq 0 ] || fail "verify failed after $took"
  [ "$seconds" -le $((most_minutes * 60)) ] || fail "verify took $took: more than the $most_minutes min it may take"
  [ "$seconds" -le $((warn_minutes * 60)) ] || say "verify is slow: more than $warn_minutes min"
  say "verify passed in $took"
}

# Whether nothing may be skipped: where everything can be installed.
strict() {
  [ "${RUNNEL_STRICT:-}" = 1 ] || [ "${CI:-}" = true ] || [ "$(id -u)" -eq 0 ]
}
