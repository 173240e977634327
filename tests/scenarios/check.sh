# What the scenarios of `check` begin with besides lib.sh: points and facts by name.
# shellcheck shell=sh disable=SC2154,SC2086
# check STATUS: runs it for people and as JSON, in $work/out.txt and $work/out.json
check() {
	expect "$1" ferry check
	cp $work/out $work/out.txt
	expect "$1" ferry check --json > /dev/null
	cp $work/out $work/out.json
}

# point STATUS ID [WORDS]: the line of that point says it
point() {
	line=$(grep -e "^$1  *$2 " $work/out.txt) || {
		cat $work/out.txt
		fail "no point \"$1 $2\""
	}
	case $line in
	*"${3:-}"*) ;;
	*) fail "$2 says: $line" ;;
	esac
}

# fact NAME VALUE, as JSON has it
fact() {
	sed -n '/^  "facts"/,/^  }/p' $work/out.json | grep -q -e "^    \"$1\": *$2,*$" || {
		sed -n '/^  "facts"/,/^  }/p' $work/out.json | head -60
		fail "$1 is not $2"
	}
}

# problem SLUG
problem() {
	sed -n '/^    "problems"/,/\]/p' $work/out.json | grep -q -e "\"$1\"" || fail "no problem $1"
}
