;; Asks for memory until it is refused, writes to the last byte of it, then to the one after.
(module
  (memory (export "memory") 1)
  (func (export "_start")
    (loop $more
      (br_if $more (i32.ne (memory.grow (i32.const 1)) (i32.const -1))))
    (i32.store8 (i32.sub (i32.mul (memory.size) (i32.const 65536)) (i32.const 1)) (i32.const 1))
    (i32.store8 (i32.mul (memory.size) (i32.const 65536)) (i32.const 1))))
