# Part of the launcher: `runnel doctor [--install] [--json]`. What this machine has of what Runnel needs (a JDK, Maven) and of what
# its tests use besides; and the one command that installs the rest. Needs what the launcher defines.

doctor() {
  install=no
  json=no
  for option in "$@"; do
    case $option in
      --install) install=yes ;;
      --json) json=yes ;;
      -h | --help)
        echo "Usage: runnel doctor [--install] [--json]"
        echo "Says what this machine has of what Runnel needs, and the command that installs the rest."
        echo "  --install   run that command: as root, or with CI=true"
        echo "  --json      the same as JSON"
        return 0
        ;;
      *)
        say "doctor: unknown option '$option'; there are --install and --json"
        exit 2
        ;;
    esac
  done
  rows=
  packages=
  needed=0
  check_all
  if [ "$install" = yes ] && [ -n "$packages" ]; then
    install_packages
    rows=
    packages=
    needed=0
    check_all
  fi
  if [ "$json" = yes ]; then print_json; else print_report; fi
  return "$needed"
}

check_all() {
  find_jdk
  if [ -n "$jdk" ]; then
    jdk_feature "$jdk"
    row ok jdk "$feature in $jdk"
  else
    need jdk "none of $least_jdk or newer; $(jdk_hint)"
  fi
  if command -v mvn >/dev/null 2>&1; then
    row ok maven "$(command -v mvn)"
  else
    need maven "builds Runnel; $(install_hint maven)"
  fi
  tool clang "C samples rebuilt in tests" clang
  tool wasm-ld "links the C samples" lld
  wasm_headers
  tool wat2wasm "broken modules made in tests" wabt
  tool wasm-opt "modules made at random in tests" binaryen
  tool node "the engine that tests compare with" nodejs
  postgres_server
  tool curl "the tour of the README" curl
  tool aws "functions as the AWS command makes them" awscli
  tool ps "processes counted in tests" procps
  tool ss "ports listed by people" iproute2
  tool ip "the README's tour in a network of its own" iproute2
  tool nft "packets that chaos scenarios lose" nftables
  tool mount "disks that chaos scenarios fill" mount
  faketime_library
  tool unshare "the README's tour in a network of its own" util-linux
  tool qemu-system-x86_64 "microVMs, in which linux tasks run" qemu-system-x86
  tool mksquashfs "disk images of linux tasks" squashfs-tools
  tool dpkg-deb "base images of linux tasks" dpkg
  debian_keys
  package_list
  guest_kernel
  tool musl-gcc "the program inside of microVMs, rebuilt in tests" musl-tools
  check_ports
}

row() { rows="$rows$1|$2|$3
"; }

# Without it Runnel does not run.
need() {
  row missing "$1" "$2"
  needed=1
}

# tool PROGRAM WHAT-FOR DEBIAN-PACKAGE: without it a test is skipped.
tool() {
  if command -v "$1" >/dev/null 2>&1; then
    row ok "$1" "$2"
  else
    row absent "$1" "$2 (skipped without)"
    packages="$packages $3"
  fi
}

# What clang needs to make WASI modules.
wasm_headers() {
  command -v clang >/dev/null 2>&1 || {
    packages="$packages wasi-libc $(wasm_builtins)"
    return 0
  }
  # Into a file: clang has wasm-opt read what it made, where that is installed.
  probe=$(mktemp)
  made=no
  printf '#include <stdio.h>\nint main(void){return puts("");}' |
    clang --target=wasm32-wasi -O1 -x c -o "$probe" - >/dev/null 2>&1 && made=yes
  rm -f "$probe"
  if [ "$made" = yes ]; then
    row ok wasi-libc "clang makes WASI modules"
  else
    row absent wasi-libc "clang makes no WASI modules (skipped without)"
    packages="$packages wasi-libc $(wasm_builtins)"
  fi
}

# Debian keeps the server's programs out of the path.
postgres_server() {
  for program in /usr/lib/postgresql/*/bin/initdb; do
    if [ -x "$program" ]; then
      row ok postgresql "regions of several nodes in tests"
      return 0
    fi
  done
  row absent postgresql "regions of several nodes in tests (skipped without)"
  packages="$packages postgresql"
}

# A library, not a program: it is loaded into nodes whose clocks are set.
faketime_library() {
  for library in /usr/lib/faketime/libfaketimeMT.so.1 /usr/lib/*/faketime/libfaketimeMT.so.1 /usr/lib64/faketime/libfaketimeMT.so.1; do
    if [ -r "$library" ]; then
      row ok libfaketime "clocks that chaos scenarios set"
      return 0
    fi
  done
  row absent libfaketime "clocks that chaos scenarios set (skipped without)"
  packages="$packages libfaketime"
}

# Base images are made of Debian's packages, whose signatures are checked with these.
debian_keys() {
  if [ -r /usr/share/keyrings/debian-archive-keyring.gpg ]; then
    row ok debian-keys "packages that base images are built of"
  else
    row absent debian-keys "packages that base images are built of (skipped without)"
    packages="$packages debian-archive-keyring"
  fi
}

# Kernel and base images are fetched by what apt knows of; installing anything has it ask first.
package_list() {
  command -v apt-cache >/dev/null 2>&1 || return 0
  if apt-cache show linux-image-cloud-amd64 >/dev/null 2>&1; then
    row ok package-list "what apt can fetch for microVMs"
  else
    row absent package-list "what apt can fetch for microVMs: it knows of none (apt-get update; skipped without)"
    packages="$packages apt"
  fi
}

# The kernel of microVMs is Debian's, taken out of its package and not installed. Beside it nodes note what the processor can.
guest_kernel() {
  kernels=${RUNNEL_KERNELS:-}
  if [ -z "$kernels" ]; then
    images=${RUNNEL_IMAGES:-}
    if [ -n "$images" ]; then
      kernels=$(dirname "$images")/kernels
    elif [ "$(id -u)" -eq 0 ]; then
      kernels=/var/cache/runnel/kernels
    else
      kernels=${HOME:-}/.cache/runnel/kernels
    fi
  fi
  found=
  for kernel in "$kernels"/*/vmlinuz; do
    if [ -r "$kernel" ]; then found=$(basename "$(dirname "$kernel")"); fi
  done
  if [ -n "$found" ]; then
    row ok guest-kernel "microVMs boot $found"
  else
    row absent guest-kernel "the kernel of microVMs, in which linux tasks run: ./runnel images kernel"
  fi
  words=$(sed -n 's/.*"words":"\([^"|]*\)".*/\1/p' "$kernels/acceleration" 2>/dev/null)
  if [ -n "$words" ]; then
    row ok kvm "$words"
  elif [ -r /dev/kvm ] && [ -w /dev/kvm ]; then
    row ok kvm "there is /dev/kvm; whether guests boot with it is tried by the first microVM"
  else
    row ok kvm "no /dev/kvm that this user may open; microVMs run by emulation (TCG)"
  fi
}

# Debian names this package after the version of clang.
wasm_builtins() {
  major=$(apt-cache depends clang 2>/dev/null | sed -n 's/.*Depends: clang-\([0-9]*\)$/\1/p' | head -n 1)
  echo "libclang-rt-${major:-14}-dev-wasm32"
}

# Which ports of the default topology somebody listens on, where /proc tells.
check_ports() {
  [ -r /proc/net/tcp ] || return 0
  file=$top/topology/examples/two-regions.yaml
  [ -r "$file" ] || return 0
  taken=0
  listening=" $(awk '$4 == "0A" { sub(/.*:/, "", $2); print $2 }' /proc/net/tcp /proc/net/tcp6 2>/dev/null | tr '\n' ' ')"
  for port in $(grep -v '^ *#' "$file" | grep -o '127\.0\.0\.1:[0-9]*' | cut -d: -f2 | sort -un); do
    case $listening in
      *" $(printf '%04X' "$port") "*)
        row taken "port $port" "in use by $(port_holder "$port")"
        taken=$((taken + 1))
        ;;
    esac
  done
  if [ "$taken" -eq 0 ]; then
    row ok ports "those of the default topology are free"
  else
    row taken ports "$taken of the default topology are in use (by a running network, or: runnel up -t FILE with others)"
  fi
}

# Who listens on a port: the process that has its socket open, where this user may see that.
port_holder() {
  sockets=$(awk -v port="$(printf '%04X' "$1")" '$4 == "0A" && $2 ~ ":" port "$" { print $10 }' /proc/net/tcp /proc/net/tcp6 2>/dev/null)
  for socket in $sockets; do
    open=$(find /proc/[0-9]*/fd -lname "socket:[[]$socket[]]" 2>/dev/null | head -n 1)
    [ -n "$open" ] || continue
    pid=${open#/proc/}
    pid=${pid%%/*}
    node=$(tr '\0' '\n' <"/proc/$pid/cmdline" 2>/dev/null | sed -n '/^--node$/{n;p;}')
    echo "pid $pid ($(cat "/proc/$pid/comm" 2>/dev/null)${node:+, node $node})"
    return 0
  done
  echo "a process that this user may not see"
}

print_report() {
  printf '%s' "$rows" | while IFS='|' read -r state name text; do
    printf '%-8s %-10s %s\n' "$state" "$name" "$text"
  done
  if [ -n "$packages" ]; then
    echo "to install what is absent: $(install_hint $packages)"
  fi
  if [ "$needed" -eq 0 ]; then echo "this machine can run Runnel"; else echo "this machine cannot run Runnel yet: see 'missing'"; fi
}

print_json() {
  separator=
  printf '{"ok":%s,"checks":[' "$([ "$needed" -eq 0 ] && echo true || echo false)"
  printf '%s' "$rows" | while IFS='|' read -r state name text; do
    printf '%s{"name":"%s","state":"%s","text":"%s"}' "$separator" "$name" "$state" "$(escape_json "$text")"
    separator=,
  done
  printf '],"install":"%s"}\n' "$([ -z "$packages" ] || escape_json "$(install_hint $packages)")"
}

escape_json() { printf '%s' "$1" | sed 's/[\\"]/\\&/g'; }

# Runs the command where that harms nobody's own machine; else the report prints it.
install_packages() {
  command -v apt-get >/dev/null 2>&1 || return 0
  if [ "$(id -u)" -eq 0 ]; then
    sudo=
  elif [ "${CI:-}" = true ] && command -v sudo >/dev/null 2>&1; then
    sudo="sudo -n"
  else
    return 0
  fi
  say "installing:$packages"
  apt_log=$(mktemp)
  if ! {
    $sudo apt-get update && DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y --no-install-recommends $packages
  } </dev/null >"$apt_log" 2>&1; then
    say "could not install them: $(grep '^E:' "$apt_log" | head -n 1)"
  fi
  rm -f "$apt_log"
}

# install_hint PACKAGE...: the command that installs these on this system.
install_hint() {
  if command -v apt-get >/dev/null 2>&1; then
    echo "apt-get install -y $*"
  elif command -v dnf >/dev/null 2>&1; then
    echo "dnf install -y $*"
  elif command -v brew >/dev/null 2>&1; then
    echo "brew install $*"
  else
    echo "install with your system's package manager: $*"
  fi
}

# Not every Debian or Ubuntu has JDK 25 among its packages.
jdk_hint() {
  for package in openjdk-25-jdk-headless temurin-25-jdk; do
    if apt-cache policy "$package" 2>/dev/null | grep -q 'Candidate: [0-9]'; then
      echo "apt-get install -y $package"
      return 0
    fi
  done
  if command -v brew >/dev/null 2>&1; then
    echo "brew install openjdk@25"
  elif command -v dnf >/dev/null 2>&1; then
    echo "dnf install -y java-25-openjdk-devel"
  else
    echo "see https://adoptium.net/installation/linux for temurin-25-jdk, or unpack any JDK 25 and set JAVA_HOME"
  fi
}
