# 5.2.4 news are not forgotten with a load that is cancelled.
# Without that: a peer is to replace something, and has heard that it is another one.
world processes=1 media=1 mode=0 digests=0 variants=0 threads=0 late=0 echo=0 defaults=0 faults=0 foreign=1 delay=0 nudge=0 kind=0 kind2=0 news=0 stale=0 refuses=0
start 1 13664 30302
run 1 59049 31309
medium 1 1942 9564
transaction 1 23550 11086
transaction 3 16139 46176
work 1 45306 15889
run 2 23998 15728
medium 2 36001 57679
ask 1 41345 17981
transaction 2 37187 48492
work 2 1463 40750
foreign 3 35611 42542
run 0 47676 57327
news 3 46130 62576
edit 2 39277 23461
transaction 0 15410 4649
ask 1 17904 59186
