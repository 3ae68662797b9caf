;; Asks for larger tables until it is refused, then uses what it did not get.
(module
  (memory (export "memory") 1)
  (table $t 1 funcref)
  (func (export "_start")
    (loop $more
      (br_if $more (i32.ne (table.grow $t (ref.null func) (i32.const 1000)) (i32.const -1))))
    (drop (table.get $t (table.size $t)))))
