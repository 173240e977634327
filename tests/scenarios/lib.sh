# What every scenario begins with: it runs as root in the virtual host, on the real kernel, libvirt and QEMU.
# A scenario ends with 0 where all held; it says what did not, and leaves the host as it found it for the next.
# shellcheck shell=sh disable=SC2034
set -u
work=/tmp/scenario
mkdir -p $work

fail() {
	echo "FAILED: $*"
	echo "--- out"
	cat $work/out 2>/dev/null
	echo "--- err"
	cat $work/err 2>/dev/null
	dmesg | tail -5
	exit 1
}

# The card that does DMA here: QEMU's amd-iommu does none from behind a bridge.
nic=0000:01:00.0
[ ! -e /sys/class/iommu/ivhd0 ] || nic=0000:00:0a.0

driver() {
	[ -e "/sys/bus/pci/devices/$1/driver" ] || {
		echo none
		return
	}
	basename "$(readlink "/sys/bus/pci/devices/$1/driver")"
}

# Driver and driver_override of every device, the latter to the byte.
state() {
	for d in /sys/bus/pci/devices/*; do
		echo "${d##*/} $(driver "${d##*/}") $(od -An -tx1 "$d/driver_override" | tr -d '\n')"
	done
}

xml() {
	virsh dumpxml --inactive --security-info "$1"
}

# Remembers how it is; as_before compares.
keep() {
	state > $work/state
	for g in $(virsh list --all --name); do
		xml "$g" > "$work/$g.xml"
	done
}

as_before() {
	state | diff $work/state - > $work/out || fail "a driver or driver_override is not as before"
	for g in $(virsh list --all --name); do
		[ ! -e "$work/$g.xml" ] || xml "$g" | diff "$work/$g.xml" - > $work/out ||
			fail "the definition of $g is not as before"
	done
}

# expect STATUS COMMAND...
expect() {
	want=$1
	shift
	echo "\$ $*"
	"$@" > $work/out 2> $work/err
	got=$?
	cat $work/out $work/err
	[ $got = "$want" ] || fail "$* gave $got, not $want"
}

says() {
	grep -q -e "$1" $work/out $work/err || fail "nothing says \"$1\""
}

is_on() {
	[ "$(driver "$1")" = "$2" ] || fail "$1 is on $(driver "$1"), not on $2"
}

# guest_says TEXT [GUEST]: waits until the guest's serial port has said it.
guest_says() {
	log=/tmp/${2:-guest}.log
	rm -f $work/fifo
	mkfifo $work/fifo
	tail -n +1 -F "$log" 2>/dev/null > $work/fifo &
	tail=$!
	timeout 400 grep -q -m1 -e "$1" < $work/fifo
	found=$?
	kill $tail
	wait $tail 2>/dev/null
	[ $found = 0 ] || {
		cat "$log"
		fail "the guest never said \"$1\""
	}
}

define() {
	rm -f "/tmp/$1.log"
	virsh -q define "/srv/guest/$1.xml" > /dev/null || fail "virsh define $1"
}

# Whatever happened, the next scenario finds the host as this one did.
leave() {
	for g in $(virsh list --name); do virsh -q destroy "$g"; done
	ferry recover > /dev/null 2>&1
	for g in $(virsh list --all --name); do
		ferry down "$g" > /dev/null 2>&1
		virsh -q managedsave-remove "$g" > /dev/null 2>&1
		virsh -q undefine "$g" > /dev/null 2>&1
	done
}
trap leave EXIT
