# 5.2.6 a save that failed is tried again, dirty or not.
# Without that: a peer has not created a medium.
world processes=1 media=1 mode=1 digests=0 variants=0 threads=0 late=0 echo=0 defaults=0 faults=0 foreign=0 delay=0 nudge=0 kind=0 kind2=0 news=0 stale=0 refuses=1
start 0 2 0
run 0 8326 60670
edit 0 10359 21401
transaction 0 34481 25354
medium 1 62492 11202
work 0 24388 33279
transaction 0 64661 49515
run 0 47783 44553
end 0 15867 43776
edit 0 9965 38812
