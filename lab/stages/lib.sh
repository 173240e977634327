# shellcheck shell=bash
# What the stages of lab/build share: where Debian's packages come from, and a line that shows life.
# Sourced, never run.

# Elapsed seconds and what is being done: a build of minutes must be seen to be alive.
say() {
	printf 'lab: %4d s  %s\n' "$((SECONDS + ${LAB_T0:-0}))" "$*" >&2
}

# The machine's own mirror as apt knows it, whatever format its sources are written in. On a machine
# that is no Debian nothing is printed, and mmdebstrap takes its own default.
# usage: sources RELEASE
sources() {
	local release=$1 main security
	grep -qx 'ID=debian' /etc/os-release || return 0
	# shellcheck disable=SC2016 # apt's own placeholders
	main=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Created-By: Packages' |
		awk '$2 ~ /^[a-z]+$/ { print $1; exit }')
	# shellcheck disable=SC2016
	security=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Created-By: Packages' |
		awk '$2 ~ /^[a-z]+-security$/ { print $1; exit }')
	[ -z "$main" ] || echo "deb $main $release main"
	[ -z "$security" ] || [ "$release" != bookworm ] || echo "deb $security $release-security main"
}

# mmdebstrap as every stage wants it.
# usage: strap OPTIONS... RELEASE TARGET
# A mirror that is frozen, or a clock that is wrong, must not stop a lab: the signatures still count.
strap() {
	local release=${*: -2:1} list
	list=$(mktemp)
	sources "$release" > "$list"
	if [ -s "$list" ]; then
		set -- "$@" "$list"
	fi
	mmdebstrap --quiet --mode=root --format=directory \
		--aptopt='Acquire::Check-Valid-Until "false"' \
		--aptopt='Acquire::Retries "3"' \
		--aptopt='APT::Install-Recommends "false"' "$@" || { rm -f "$list"; return 1; }
	rm -f "$list"
}
