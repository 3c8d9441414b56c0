#!/bin/sh
# Makes the sounds anew of the sentences in locales/*.toml, [aloud]: `sh make.sh` in this folder, with espeak-ng and opus-tools.
set -eu
for language in zh en; do
  if [ "$language" = zh ]; then voice=cmn; else voice=en-gb; fi
  sed -n '/^\[aloud\]/,$p' "../locales/$language.toml" | sed -n 's/^\([a-z_]*\) = "\(.*\)"$/\1\t\2/p' |
  while IFS="$(printf '\t')" read -r name words; do
    espeak-ng -v "$voice" -s 150 -a 160 --stdout "$words" | opusenc --quiet --bitrate 16 --downmix-mono - "../public/speech/$language-$name.ogg"
  done
done
