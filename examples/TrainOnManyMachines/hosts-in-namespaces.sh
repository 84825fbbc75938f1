#!/usr/bin/env bash
# Runs a program under mpirun on "hosts" of this one machine: network namespaces with an address each, joined by links of limited bandwidth.
# Needs root, MPICH and iproute2. The ranks of different hosts reach one another through the network only.
#
#   hosts-in-namespaces.sh HOSTS RATE PROGRAM...        hosts-in-namespaces.sh 2 1gbit dotnet TrainOnManyMachines.dll --exchange 94
set -euo pipefail
hosts=$1 rate=$2
shift 2
name=mofo$$

remove() {
    for i in $(seq "$hosts"); do ip netns del "$name-$i" 2>/dev/null || true; done
    ip link del "$name" 2>/dev/null || true
    rm -f "$launcher"
}
launcher=$(mktemp)
trap remove EXIT

# A bridge as switch; every host has a link to it that sends no faster than the rate.
ip link add "$name" type bridge
ip link set "$name" up
list=
for i in $(seq "$hosts"); do
    ip netns add "$name-$i"
    ip link add "$name.$i" type veth peer name eth0 netns "$name-$i"
    ip link set "$name.$i" master "$name" up
    ip -n "$name-$i" addr add "10.97.0.$i/24" dev eth0
    ip -n "$name-$i" link set lo up
    ip -n "$name-$i" link set eth0 up
    if [ "$rate" != none ]; then
        tc -n "$name-$i" qdisc add dev eth0 root tbf rate "$rate" burst 1mb latency 100ms
        tc qdisc add dev "$name.$i" root tbf rate "$rate" burst 1mb latency 100ms
    fi
    list="$list${list:+,}10.97.0.$i"
done

# mpirun reaches a host through a remote shell; here that is a command in the host's namespace.
cat >"$launcher" <<END
#!/usr/bin/env bash
while [ "\${1#-}" != "\$1" ]; do shift; done
host=\${1##*.}
shift
exec ip netns exec "$name-\$host" unshare --uts bash -c "hostname host\$host; \$*"
END
chmod +x "$launcher"
# MPICH of Debian moves data through UCX, which would find the shared memory of this one machine: only TCP is allowed.
ip netns exec "$name-1" unshare --uts bash -c 'hostname host1; exec "$@"' - \
    mpirun.mpich -launcher ssh -launcher-exec "$launcher" -iface eth0 -localhost 10.97.0.1 -hosts "$list" -genv UCX_TLS tcp,self -genv UCX_NET_DEVICES eth0 -n "$hosts" "$@"
