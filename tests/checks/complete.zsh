# SPDX-License-Identifier: LGPL-2.1-or-later
# What zsh would offer for a line, one a line: an interactive zsh in a terminal of its own is sent the line and a
# tab, and says what its completion system was given.
# usage: zsh -f complete.zsh FOLDER-OF-_ferry LINE
zmodload zsh/zpty
zpty z zsh -f -i
ask() {
	zpty -w z "$1"
}
ask "PROMPT= RPROMPT= fpath=( ${(q)1} \$fpath ) && autoload -Uz compinit && compinit -u -D"
ask "zstyle ':completion:*' list-grouped false; setopt no_list_ambiguous"
ask 'compadd() {
	if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then builtin compadd "$@"; return; fi
	local -a hits
	builtin compadd -A hits "$@"
	for hit in "${hits[@]}"; do print -r -- "<$hit>"; done
	builtin compadd "$@"
}'
ask 'finished() { zle -I; print -r -- E"ND" }; zle -N finished'
ask "bindkey '^I' complete-word; bindkey '^X' finished"
ask 'print -r -- REA''DY'
# Reads until the shell has printed the word; a minute without a sign of life is the end.
local text=''
until_word() {
	local chunk
	integer quiet=0
	text=''
	while [[ $text != *$1* ]] && (( quiet < 1200 )); do
		if zpty -r -t z chunk; then text+=$chunk quiet=0; else sleep 0.05; (( quiet++ )); fi
	done
}
until_word READY
zpty -w -n z "$2"$'\t\x18'
until_word END
for line in ${(f)text}; do
	line=${line%%$'\r'}
	[[ $line == *'<'*'>' ]] && print -r -- ${${line##*'<'}%'>'}
done
zpty -d z
