;; As remember, for what tables and their segments remember.
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (table $t 2 funcref)
  (elem $passive func $mark)
  (data (i32.const 0) "\10\00\00\00\01\00\00\00")
  (data (i32.const 16) "0")
  (func $mark)
  (func (export "_start")
    (if (i32.ne (table.size $t) (i32.const 2)) (then (i32.store8 (i32.const 16) (i32.const 49))))
    (if (i32.eqz (ref.is_null (table.get $t (i32.const 1))))
      (then (i32.store8 (i32.const 16) (i32.const 50))))
    (table.set $t (i32.const 1) (ref.func $mark))
    (drop (table.grow $t (ref.null func) (i32.const 10)))
    ;; traps if the segment is gone
    (table.init $t $passive (i32.const 0) (i32.const 0) (i32.const 1))
    (elem.drop $passive)
    (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))
