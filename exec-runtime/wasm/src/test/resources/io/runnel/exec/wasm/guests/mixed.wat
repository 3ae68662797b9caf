;; Functions that call each other in every way, for engines that run some of them otherwise than the others.
(module
  (type $number (func (param i32) (result i32)))
  (memory (export "memory") 2)
  (table funcref (elem $even $odd $tail_even $tail_odd))
  (global $calls (mut i32) (i32.const 0))

  (func (export "_start"))

  (func $even (export "even") (type $number)
    (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
    (if (result i32) (i32.eqz (local.get 0))
      (then (i32.const 1))
      (else (call $odd (i32.sub (local.get 0) (i32.const 1))))))
  (func $odd (export "odd") (type $number)
    (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
    (if (result i32) (i32.eqz (local.get 0))
      (then (i32.const 0))
      (else (call_indirect (type $number) (i32.sub (local.get 0) (i32.const 1)) (i32.const 0)))))

  ;; As often as one likes, in one frame.
  (func $tail_even (export "tail_even") (type $number)
    (if (i32.eqz (local.get 0)) (then (return (i32.const 1))))
    (return_call $tail_odd (i32.sub (local.get 0) (i32.const 1))))
  (func $tail_odd (export "tail_odd") (type $number)
    (if (i32.eqz (local.get 0)) (then (return (i32.const 0))))
    (return_call_indirect (type $number) (i32.sub (local.get 0) (i32.const 1)) (i32.const 2)))
  (func (export "after_tail") (type $number)
    (i32.add (call $tail_even (local.get 0)) (call $tail_odd (local.get 0))))

  (func $spin (export "spin") (type $number)
    (loop $again (br_if $again (i32.eqz (i32.const 0))))
    (local.get 0))
  (func (export "calls_spin") (type $number)
    (call $spin (local.get 0)))
  (func $for_ever (export "for_ever") (type $number)
    (call $for_ever_too (local.get 0)))
  (func $for_ever_too (export "for_ever_too") (type $number)
    (i32.add (call $for_ever (local.get 0)) (i32.const 1)))

  (func $unreachable (export "unreachable") (type $number) (unreachable))
  (func $outside (export "outside") (type $number) (i32.load (i32.const 131070)))
  (func $zero (export "zero") (type $number) (i32.div_s (i32.const 1) (i32.const 0)))
  (func $no_element (export "no_element") (type $number)
    (call_indirect (type $number) (local.get 0) (i32.const 9)))
  (func (export "traps") (type $number)
    (block $3 (block $2 (block $1 (block $0
      (br_table $0 $1 $2 $3 (local.get 0)))
      (return (call $unreachable (local.get 0))))
      (return (call $outside (local.get 0))))
      (return (call $zero (local.get 0))))
    (call $no_element (local.get 0)))

  ;; Every type of number there and back.
  (func $turned (export "turned")
    (param i32 i64 f32 f64) (result f64 f32 i64 i32)
    (local.get 3) (local.get 2) (local.get 1) (local.get 0))
  (func (export "turned_twice")
    (param i32 i64 f32 f64) (result i32 i64 f32 f64) (local f64 f32 i64 i32)
    (call $turned (local.get 0) (local.get 1) (local.get 2) (local.get 3))
    (local.set 7) (local.set 6) (local.set 5) (local.set 4)
    (local.get 7) (local.get 6) (local.get 5) (local.get 4))

  ;; References: of the host there are none but null.
  (func $same (param externref i32 funcref) (result funcref i32 externref)
    (local.get 2) (local.get 1) (local.get 0))
  (func $only (param externref) (result externref) (local.get 0))
  (func (export "references") (type $number) (local externref funcref i32)
    (call $same (ref.null extern) (local.get 0) (ref.func $even))
    (local.set 1) (local.set 3) (local.set 2)
    (i32.add
      (i32.add
        (ref.is_null (call $only (local.get 1)))
        (i32.mul (i32.const 10) (ref.is_null (local.get 2))))
      (local.get 3)))

  ;; Writes where the next call must not look.
  (func $writes (export "writes") (type $number)
    (i32.store (local.get 0) (i32.const -1))
    (i32.load (local.get 0)))
  (func (export "writes_both") (type $number)
    (i32.store (i32.add (local.get 0) (i32.const 70000)) (i32.const -1))
    (call $writes (local.get 0)))
  (func (export "sum") (type $number) (local i32 i32)
    (loop $more
      (local.set 1 (i32.add (local.get 1) (i32.load (local.get 2))))
      (br_if $more (i32.lt_u
        (local.tee 2 (i32.add (local.get 2) (i32.const 4)))
        (i32.const 131072))))
    (i32.add (local.get 1) (global.get $calls)))
)
