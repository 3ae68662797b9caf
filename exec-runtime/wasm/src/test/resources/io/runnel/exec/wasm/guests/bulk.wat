;; Copies and fills half of its memory a hundred times: much work in few instructions.
(module
  (memory (export "memory") 512)
  (func (export "_start") (local $n i32)
    (loop $more
      (memory.copy (i32.const 0) (i32.const 16777216) (i32.const 16777216))
      (memory.fill (i32.const 0) (i32.const 7) (i32.const 16777216))
      (local.set $n (i32.add (local.get $n) (i32.const 1)))
      (br_if $more (i32.lt_u (local.get $n) (i32.const 100))))))
