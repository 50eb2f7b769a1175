# 5.2.6 the rescue does not try at once what is refused for no reason.
# Without that: a medium is asked again and again for what it refuses.
world processes=1 media=1 mode=0 digests=0 variants=0 threads=1 late=0 echo=0 defaults=0 faults=0 foreign=0 delay=0 nudge=0 kind=1 kind2=0 news=0 stale=0 refuses=1
start 0 61394 30715
run 0 10509 11260
edit 0 9266 3270
transaction 0 34531 9984
medium 0 45410 14522
edit 0 53535 35079
medium 0 17482 15151
edit 0 46298 57575
work 0 24187 54816
edit 0 2637 55957
edit 0 49026 26462
transaction 0 31470 10205
run 0 61144 59055
edit 0 34232 45850
medium 0 57511 43611
run 0 39029 48926
end 0 19763 26515
