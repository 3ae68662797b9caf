# A network of one region and one POP for the measures of this folder, each of which reads this file:
# on free ports, in a folder that goes with it, with what it takes to run others beside it.
top=$(cd "$(dirname "$0")/../../.." && pwd)
work=$(mktemp -d)
others=
finish() {
    # shellcheck disable=SC2086
    [ -z "$others" ] || kill $others 2>/dev/null || true
    "$top/runnel" down --data "$work/data" >/dev/null 2>&1 || true
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

need() { # TOOL...
    for tool; do
        command -v "$tool" >/dev/null || { echo "$(basename "$0"): $tool is missing" >&2; exit 1; }
    done
}

network() { # CHANGE [OPTION OF UP]...     a change of the topology, for sed; may be empty
    sed -E -e 's/127\.0\.0\.1:[0-9]+/127.0.0.1:0/g' -e "$1" "$top/topology/examples/single.yaml" >"$work/topology.yaml"
    shift
    "$top/runnel" up --data "$work/data" -t "$work/topology.yaml" --detach "$@" >"$work/up.log" 2>&1 ||
        { cat "$work/up.log" >&2; exit 1; }
    # Curl and Node know the region by this.
    export CURL_CA_BUNDLE="$work/data/ca.pem" NODE_EXTRA_CA_CERTS="$work/data/ca.pem"
}

ask() { # ROLE FIELD     what status says of the region or the POP
    "$top/runnel" status --data "$work/data" --json | node -e '
        let t="";process.stdin.on("data",d=>t+=d).on("end",()=>{
        const n=JSON.parse(t).nodes.find(n=>n.role===process.argv[1]);
        console.log(String(n[process.argv[2]]).replace(/\/$/,""))})' "$1" "$2"
}

key() { # the key of the account demo
    sed -n '/^\[demo\]/,/^\[/{s/^aws_access_key_id *= *//p;}' "$work/data/credentials" | tr '\n' .
    sed -n '/^\[demo\]/,/^\[/{s/^aws_secret_access_key *= *//p;}' "$work/data/credentials"
}

freePort() {
    node -e 's=require("net").createServer().listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})'
}

installWorkerd() {
    echo "installing workerd ..."
    (cd "$work" && npm init -y >/dev/null 2>&1 && npm install --silent workerd >/dev/null 2>&1)
}

# Vert.x alone (BareHop.java), with the POP's own Java, options and libraries, and no code of ours.
bareAt() { # PORT-FILE ARGUMENTS...
    file=$1
    shift
    pid=$(ask pop pid)
    java=$(readlink "/proc/$pid/exe")
    lib=$(dirname "$(tr '\0' '\n' <"/proc/$pid/cmdline" | sed -n '/^-jar$/{n;p;}')")
    options=$(tr '\0' '\n' <"/proc/$pid/cmdline" | grep -E '^-X(X:.Use|m|s)')
    [ -e "$work/BareHop.class" ] ||
        "${java%/java}/javac" -d "$work" -cp "$lib/*" "$top/pop-node/src/bench/BareHop.java"
    # shellcheck disable=SC2086
    "$java" $options -cp "$work:$lib/*" BareHop "$@" >"$file" 2>>"$work/bare.log" &
    others="$others $!"
    for i in $(seq 100); do [ ! -s "$file" ] || return 0; sleep 0.1; done
    cat "$work/bare.log" >&2
    exit 1
}

# The middle one of the numbers in a file, one a line.
middle() { sort -n "$1" | awk '{v[NR]=$1} END{print v[int((NR+1)/2)]}'; }
