;; As Wizer has it, is initialized once: counts how often, in memory and in a global, and shows both counts and how
;; often its command ran in this instance.
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (global $count (mut i32) (i32.const 48))
  (data (i32.const 0) "\10\00\00\00\03\00\00\00")
  (data (i32.const 16) "000")
  (func $more (param $at i32)
    (i32.store8 (local.get $at) (i32.add (i32.load8_u (local.get $at)) (i32.const 1))))
  (func (export "wizer.initialize")
    (call $more (i32.const 16))
    (global.set $count (i32.add (global.get $count) (i32.const 1))))
  (func (export "_start") (unreachable))
  (func (export "wizer.resume")
    (i32.store8 (i32.const 17) (global.get $count))
    (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
    (call $more (i32.const 18))))
