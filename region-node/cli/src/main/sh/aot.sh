# Part of the launcher: ahead-of-time caches, which make JVMs start in a third of the time. They hold for one set of jars and
# one JDK, and are made by running a small network for a few seconds. Nothing depends on them: who has none starts slower.
# Needs: top, jdk, dist, cli_flags, say.

# Whether the caches beside the jars were made by this JDK of these jars.
aot_fits() {
  [ -f "$dist/aot/key" ] && [ "$(cat "$dist/aot/key")" = "$(aot_key)" ]
}

# What caches depend on. Jars of a folder that others may change are part of it; those under .dist never change.
aot_key() {
  cat "$jdk/release"
  [ -z "${RUNNEL_DIST:-}" ] || (cd "$dist/lib" && ls -ln --full-time . 2>/dev/null || ls -ln "$dist/lib")
}

# Not where they cannot be kept, nor where making them failed before with these jars and this JDK: it would again.
aot_wanted() {
  [ -w "$dist" ] && can_lock || return 1
  [ ! -f "$dist/aot.failed" ] || [ "$(cat "$dist/aot.failed")" != "$(aot_key)" ]
}

# Makes them and sets aot.
aot_train() {
  lock
  if aot_fits; then
    aot=$dist/aot
  else
    say "preparing quicker starts, once after a build (RUNNEL_AOT=off skips it)"
    started=$(date +%s)
    rm -rf "$dist/aot" "$dist/aot.making"
    mkdir -p "$dist/aot.making"
    if "$jdk/bin/java" $cli_flags -XX:AOTCacheOutput="$dist/aot.making/cli.aot" -Drunnel.top="$top" -Drunnel.dist="$dist" \
      -jar "$dist/lib/runnel-cli.jar" train --into "$dist/aot.making" 9>&- </dev/null >"$dist/aot.log" 2>&1 &&
      [ -f "$dist/aot.making/cli.aot" ] && [ -f "$dist/aot.making/pop.aot" ] && [ -f "$dist/aot.making/region.aot" ]; then
      rm -rf "$dist/aot.making/data"
      aot_key >"$dist/aot.making/key"
      mv "$dist/aot.making" "$dist/aot"
      aot=$dist/aot
      say "prepared in $(($(date +%s) - started)) s"
    else
      aot_key >"$dist/aot.failed"
      rm -rf "$dist/aot.making"
      say "that failed after $(($(date +%s) - started)) s, which does no harm but to speed; why is in $dist/aot.log"
    fi
  fi
  unlock
}
