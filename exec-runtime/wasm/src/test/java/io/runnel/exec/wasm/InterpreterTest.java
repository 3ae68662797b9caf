package io.runnel.exec.wasm;

import static io.runnel.exec.wasm.ModuleBytes.bytes;
import static io.runnel.exec.wasm.ModuleBytes.module;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.isolate.Tier;
import io.runnel.exec.task.Outcome;

import org.junit.jupiter.api.Test;

import run.endive.runtime.WasmInterruptedException;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** The interpreter computes what compiled code computes. */
class InterpreterTest {
    private static final long[] SPECIAL = {
        0,
        1,
        2,
        -1,
        31,
        32,
        63,
        64,
        0x7FFF_FFFFL,
        0x8000_0000L,
        0xFFFF_FFFFL,
        Integer.MIN_VALUE,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        bits(0.0),
        bits(-0.0),
        bits(1.5),
        bits(-2.5),
        bits(1e300),
        bits(-1e10),
        bits(4294967295.0),
        bits(9.3e18),
        bits(Double.NaN),
        bits(Double.POSITIVE_INFINITY),
        bits(Double.NEGATIVE_INFINITY),
        bits(Double.MIN_VALUE),
        Float.floatToRawIntBits(-0.0f),
        Float.floatToRawIntBits(3.5f),
        Float.floatToRawIntBits(-1e30f),
        Float.floatToRawIntBits(2.1e9f),
        Float.floatToRawIntBits(Float.NaN),
        Float.floatToRawIntBits(Float.NEGATIVE_INFINITY)
    };

    private record Operation(int opcode, String type) {
        boolean isSaturating() {
            return opcode < 8;
        }

        ModuleBytes body() {
            ModuleBytes body = bytes().raw(0);
            for (int i = 0; i < ModuleTypes.parameters(type).length(); i++) {
                body.raw(0x20, i);
            }
            return isSaturating() ? body.raw(0xFC, opcode, 0x0B) : body.raw(opcode, 0x0B);
        }
    }

    private static long bits(double value) {
        return Double.doubleToRawLongBits(value);
    }

    private static List<Operation> operations() {
        List<Operation> all = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            all.add(new Operation(i, Numeric.saturating(i)));
        }
        for (int i = Numeric.FIRST; i <= Numeric.LAST; i++) {
            all.add(new Operation(i, Numeric.signature(i)));
        }
        return all;
    }

    /** Function 0 is the entry; operation i is function i + 1, of type i + 1. */
    private static byte[] moduleOf(List<Operation> operations) {
        var types = bytes().u32(operations.size() + 1).raw(0x60, 0, 0);
        var functions = bytes().u32(operations.size() + 1).raw(0);
        var code = bytes().u32(operations.size() + 1).raw(2, 0, 0x0B);
        for (int i = 0; i < operations.size(); i++) {
            Operation operation = operations.get(i);
            types.raw(0x60);
            values(types, ModuleTypes.parameters(operation.type()));
            values(types, ModuleTypes.results(operation.type()));
            functions.u32(i + 1);
            byte[] body = operation.body().toBytes();
            code.u32(body.length).add(operation.body());
        }
        return module().section(1, types)
                .section(3, functions)
                .section(5, bytes().raw(1, 0, 1))
                .section(7, bytes().raw(2).name("memory").raw(2, 0).name("_start").raw(0, 0))
                .section(10, code)
                .toBytes();
    }

    private static void values(ModuleBytes to, String letters) {
        to.u32(letters.length());
        letters.chars()
                .forEach(
                        letter ->
                                to.raw(
                                        switch (letter) {
                                            case 'i' -> 0x7F;
                                            case 'I' -> 0x7E;
                                            case 'f' -> 0x7D;
                                            default -> 0x7C;
                                        }));
    }

    @Test
    void everyOperationGivesWhatCompiledCodeGives() throws Exception {
        List<Operation> operations = operations();
        byte[] module = moduleOf(operations);
        ModuleShape shape = ModuleScan.scan(module);
        FunctionCheck.checkAll(module, shape.types());
        InstanceMaker maker = InstanceMaker.of(module, shape, true);
        GuestInstance interpreted =
                maker.make(Engine.interpreting(module, shape.types()), maker.first());
        var classes = ModuleCompiler.compile(ModuleParser.whole(module, shape));
        GuestInstance compiled =
                maker.make(new Engine(Tier.COMPILED, ProgramLoader.load(classes)), maker.first());
        long seed = new SecureRandom().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < operations.size(); i++) {
            Operation operation = operations.get(i);
            for (int n = 0; n < 1500; n++) {
                long[] arguments = arguments(operation.type(), random);
                String what =
                        "seed %d: %s %s".formatted(seed, operation, Arrays.toString(arguments));
                assertEquals(
                        result(compiled, i + 1, arguments, operation),
                        result(interpreted, i + 1, arguments, operation),
                        what);
            }
        }
    }

    private static long[] arguments(String type, Random random) {
        return ModuleTypes.parameters(type)
                .chars()
                .mapToLong(
                        letter -> {
                            long any =
                                    random.nextInt(4) == 0
                                            ? random.nextLong()
                                            : SPECIAL[random.nextInt(SPECIAL.length)];
                            return letter == 'i' || letter == 'f' ? (int) any : any;
                        })
                .toArray();
    }

    /** A number, or how it traps; all numbers that are none are one. */
    private static String result(
            GuestInstance instance, int function, long[] arguments, Operation operation) {
        try {
            long result = instance.call(function, arguments)[0];
            return switch (ModuleTypes.results(operation.type())) {
                case "i" -> "" + (int) result;
                case "f" -> "" + Float.floatToIntBits(Float.intBitsToFloat((int) result));
                case "F" -> "" + Double.doubleToLongBits(Double.longBitsToDouble(result));
                default -> "" + result;
            };
        } catch (RuntimeException e) {
            return e.getMessage();
        }
    }

    @Test
    void branchesGoWhereCompiledCodeGoes() throws Exception {
        byte[] module = Guests.module("control");
        var program = Programs.open(module);
        // As Node's engine gives it.
        assertEquals("ncdkfdghllnkjiah", Programs.output(program.newIsolate(), module));
        program.optimize();
        assertEquals("ncdkfdghllnkjiah", Programs.output(program.newIsolate(), module));
    }

    @Test
    void aRecursionWithMuchInEachFrameEndsAtTheLimit() throws Exception {
        byte[] module = Guests.module("wide_recursion");
        var program = Programs.open(module);
        for (int i = 0; i < 10; i++) {
            assertInstanceOf(
                    Outcome.StackExceeded.class,
                    Programs.run(program.newIsolate(), module, (b, o, l) -> {}));
        }
    }

    @Test
    void aRecursionTakesNothingFromTheHostsStack() throws Exception {
        byte[] module = Guests.module("recurse");
        ModuleShape shape = ModuleScan.scan(module);
        InstanceMaker maker = InstanceMaker.of(module, shape, true);
        GuestInstance instance =
                maker.make(Engine.interpreting(module, shape.types()), maker.first());
        instance.memory().begin(TestCalls.none(), 1 << 20);
        // 16 KiB of frames in all: no stack of the host holds 16,384 calls in that.
        var exceeded = new ArrayList<Throwable>();
        Thread small =
                new Thread(
                        null,
                        () ->
                                exceeded.add(
                                        assertThrows(
                                                GuestStackExceeded.class,
                                                () -> instance.run(shape.entries().command()))),
                        "small",
                        144 << 10);
        small.start();
        small.join();
        assertEquals(1, exceeded.size());
    }

    @Test
    void anInterruptEndsAnyLoop() throws Exception {
        byte[] module = Guests.module("spin");
        ModuleShape shape = ModuleScan.scan(module);
        InstanceMaker maker = InstanceMaker.of(module, shape, true);
        GuestInstance instance =
                maker.make(Engine.interpreting(module, shape.types()), maker.first());
        instance.memory().begin(TestCalls.none(), 1 << 20);
        Thread.currentThread().interrupt();
        assertThrows(WasmInterruptedException.class, () -> instance.run(shape.entries().command()));
        assertTrue(Thread.interrupted());
    }
}
