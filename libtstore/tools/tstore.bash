# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
#
# Completes commands, options, files, and the ids that are in a medium. A server is not asked.

# Bash parts words at each colon. The words as they were typed, without their quotes:
_tstore_words ()
{
  local word joins=
  words=()
  for word in "${COMP_WORDS[@]:0:COMP_CWORD+1}"
  do
    if [[ ${#words[@]} -gt 0 && ( -n $joins || $word == : ) ]]
    then
      words[-1]+=$word
    else
      words+=("$word")
    fi
    joins=
    [[ $word != : ]] || joins=1
  done
  words=("${words[@]//[\\\"\']/}")
}

_tstore_options ()
{
  case $1 in
    list) echo --json --recursive --value ;;
    get) echo --json --pretty --value ;;
    set) echo --json --string --update --value ;;
    remove) echo --force --value ;;
    watch) echo --initial --json ;;
    import) echo --changes --merge ;;
    export) echo --pretty ;;
    validate|diff) echo --json ;;
    merge) echo --base --pretty --stdout ;;
  esac
  echo --help
}

# _tstore_ids CURRENT TSTORE-LIST-ARGUMENT...
_tstore_ids ()
{
  local current=$1 id
  shift
  while IFS= read -r id
  do
    [[ $id == \"* || $id != "$current"* ]] || COMPREPLY+=("$(printf %q "$id")")
  done < <(tstore list "$@" 2>/dev/null)
}

# Readline replaces what is behind the last colon, unless it is all in quotes.
_tstore_cut_colons ()
{
  local current=$1 i
  [[ $COMP_WORDBREAKS == *:* && ${COMP_WORDS[COMP_CWORD]} != [\"\']* ]] || return 0
  while [[ $current == *:* ]]
  do
    current=${current#*:}
    for i in "${!COMPREPLY[@]}"
    do
      COMPREPLY[i]=${COMPREPLY[i]#*:}
    done
  done
}

_tstore ()
{
  local words current command i kind=() args=()
  COMPREPLY=()
  _tstore_words
  current=${words[-1]}
  command=${words[1]}

  if [[ ${#words[@]} -le 2 ]]
  then
    mapfile -t COMPREPLY < <(compgen -W 'add diff export get help import list merge remove set
      validate watch --help --version' -- "$current")
    return
  fi

  for (( i = 2; i < ${#words[@]} - 1; i++ ))
  do
    if [[ ${#args[@]} -gt 0 || ${words[i]} != -* ]]
    then
      args+=("${words[i]}")
    elif [[ ${words[i]} == --value || ${words[i]} == -v ]]
    then
      kind=(--value)
    elif [[ ${words[i]} == --base || ${words[i]} == -b ]]
    then
      (( i++ ))
    fi
  done

  if [[ ${#args[@]} -eq 0 && $current == -* ]]
  then
    mapfile -t COMPREPLY < <(compgen -W "$(_tstore_options "$command")" -- "$current")
    return
  fi

  case $command:${#args[@]} in
    *:0|diff:1|merge:1|import:1|export:1|validate:1)
      compopt -o filenames 2>/dev/null
      mapfile -t COMPREPLY < <(compgen -f -- "$current")
      _tstore_cut_colons "$current"
      ;;
    list:[12]|get:[123]|set:[123]|add:1|remove:[123])
      [[ ${args[0]} != *://* ]] || return
      args[0]=${args[0]/#\~\//$HOME/}
      [[ ${#kind[@]} -eq 0 || ${#args[@]} -eq 1 ]] || return
      _tstore_ids "$current" "${kind[@]}" -- "${args[@]}"
      _tstore_cut_colons "$current"
      ;;
  esac
}

complete -F _tstore tstore
