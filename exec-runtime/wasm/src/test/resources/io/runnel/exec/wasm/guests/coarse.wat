;; Writes, for each of the clocks 0 to 3, its resolution and the rest of what it shows when divided by
;; a millisecond: eight numbers of eight bytes.
(module
  (import "wasi_snapshot_preview1" "clock_res_get" (func $resolution (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "clock_time_get"
    (func $time (param i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "_start")
    (local $clock i32) (local $at i32)
    (loop $next
      (local.set $at (i32.add (i32.const 64) (i32.mul (local.get $clock) (i32.const 16))))
      (drop (call $resolution (local.get $clock) (local.get $at)))
      (drop (call $time (local.get $clock) (i64.const 1) (i32.add (local.get $at) (i32.const 8))))
      (i64.store offset=8 (local.get $at)
        (i64.rem_u (i64.load offset=8 (local.get $at)) (i64.const 1000000)))
      (br_if $next
        (i32.lt_u (local.tee $clock (i32.add (local.get $clock) (i32.const 1))) (i32.const 4))))
    (i32.store (i32.const 0) (i32.const 64))
    (i32.store (i32.const 4) (i32.const 64))
    (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))
