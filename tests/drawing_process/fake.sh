#!/bin/sh
# Programs that are no drawing process, chosen by the name this one is called by.
# A frame: length and number (u32, little-endian), then the message.
ready() {
    printf '\005\000\000\000\000\000\000\000\007\000\000\000\000'
}
# The head of the first answer, of a length given in octal.
head_of() {
    printf "\\$1\\000\\000\\000\\001\\000\\000\\000"
}
case "${0##*/}" in
polite)
    ready; head_of 001; printf '\006'; exec sleep 60 ;;
ends-at-once)
    exit 0 ;;
talks-at-once)
    exec yes 'what is a frame?' ;;
other-version)
    printf '\005\000\000\000\000\000\000\000\001\000\000\000\000'; exec sleep 60 ;;
cannot-lock)
    printf '\010\000\000\000\000\000\000\000\007\001\005\033nope'; exec sleep 60 ;;
ends)
    ready ;;
ends-in-answer)
    ready; head_of 010; printf '\006' ;;
silent)
    ready; exec sleep 60 ;;
silent-with-children)
    ready; sleep 60 & sleep 60 & wait ;;
grows)
    ready; x=xxxxxxxxxxxxxxxx; while :; do x=$x$x; done ;;
talks)
    ready; exec yes 'what is a frame?' ;;
long-frame)
    ready; printf '\377\377\377\377\001\000\000\000'; exec cat /dev/zero ;;
other-number)
    ready; printf '\001\000\000\000\002\000\000\000\006'; exec sleep 60 ;;
more-than-a-message)
    ready; head_of 002; printf '\006\006'; exec sleep 60 ;;
no-such-answer)
    ready; head_of 001; printf '\143'; exec sleep 60 ;;
tile)
    # y 0, 2 x 1 pixels: right if one row of y 0 was asked.
    ready; head_of 004; printf '\002\000\002\001'; printf 'RGBArgba'; exec sleep 60 ;;
huge-tile)
    # y 0, 1048575 x 1 pixels of four bytes fit; 1048575 x 16383 do not.
    ready; head_of 007; printf '\002\000\377\377\077\377\177'; exec cat /dev/zero ;;
hit-without-links)
    # The link 5 of a letter that has none.
    ready; head_of 005; printf '\003\001\005\001\000'; exec sleep 60 ;;
stop-without-links)
    # The first stop: the link 5 of a letter that has none, in a box of a pixel.
    ready; head_of 030
    printf '\015\001\000\001\005\000\000\001'
    printf '\000\000\000\000\000\000\000\000\000\000\200\077\000\000\200\077'
    exec sleep 60 ;;
endless-stop)
    # A stop of 2^35 boxes.
    ready; head_of 014; printf '\015\001\000\000\000\000\200\200\200\200\200\001'
    exec sleep 60 ;;
endless-sentence)
    # A refusal that claims 2^35 characters.
    ready; head_of 007; printf '\007\200\200\200\200\200\001'; exec sleep 60 ;;
endless-list)
    # A list of 2^35 places.
    ready; head_of 007; printf '\005\200\200\200\200\200\001'; exec sleep 60 ;;
environment)
    ready; head_of 020; printf '\007\016%4s, %2s cargo' "${HOME:+home}" "${CARGO_MANIFEST_DIR-no}"
    exec sleep 60 ;;
refuses)
    ready; head_of 010; printf '\007\006no\033\nno'; exec sleep 60 ;;
esac
