package io.runnel.exec.wasm;

import static io.runnel.exec.wasm.ModuleBytes.bytes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.isolate.Tier;

import org.junit.jupiter.api.Test;

import run.endive.runtime.WasmInterruptedException;
import run.endive.wasm.WasmEngineException;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

class PeepholeTest {
    private static GuestInstance compiled(byte[] module) throws Exception {
        ModuleShape shape = ModuleScan.scan(module);
        FunctionCheck.checkAll(module, shape.types());
        InstanceMaker maker = InstanceMaker.of(module, shape, true);
        var classes = ModuleCompiler.compile(ModuleParser.whole(module, shape));
        GuestInstance instance =
                maker.make(new Engine(Tier.COMPILED, ProgramLoader.load(classes)), maker.first());
        instance.memory().begin(TestCalls.none(), 1 << 26);
        return instance;
    }

    /** A command with this body. */
    private static byte[] command(int... body) {
        return ModuleBytes.command().code(bytes().raw(0).raw(body)).toBytes();
    }

    @Test
    void everyLoopHeedsAnInterrupt() throws Exception {
        List<byte[]> loops =
                List.of(
                        // Around itself; by a condition; an inner one that ends at once in an outer
                        // one that does not.
                        command(0x03, 0x40, 0x0C, 0, 0x0B, 0x0B),
                        command(0x03, 0x40, 0x41, 1, 0x0D, 0, 0x0B, 0x0B),
                        command(
                                0x03, 0x40, 0x03, 0x40, 0x41, 0, 0x0D, 0, 0x0B, 0x0C, 0, 0x0B,
                                0x0B),
                        // By a table of branches.
                        command(0x03, 0x40, 0x41, 0, 0x0E, 1, 0, 0, 0x0B, 0x0B),
                        // Copies of itself: 64 KiB and more each time.
                        command(
                                0x03, 0x40, 0x41, 0, 0x41, 0, 0x41, 0x80, 0x80, 4, 0xFC, 10, 0, 0,
                                0x0C, 0, 0x0B, 0x0B));
        for (byte[] loop : loops) {
            GuestInstance instance = compiled(loop);
            var end = new CompletableFuture<Throwable>();
            Thread guest = new Thread(() -> end.complete(endOf(instance)));
            guest.setDaemon(true);
            guest.start();
            guest.interrupt();
            assertInstanceOf(WasmInterruptedException.class, end.get(30, TimeUnit.SECONDS));
        }
    }

    private static Throwable endOf(GuestInstance instance) {
        return assertThrows(RuntimeException.class, () -> instance.run(0));
    }

    @Test
    void loopsLookForAnInterruptOnlyWhenTheirFuelIsGone() throws Exception {
        byte[] module = command(0x03, 0x40, 0x41, 1, 0x0D, 0, 0x0B, 0x0B);
        var classes = ModuleCompiler.compile(ModuleParser.whole(module, ModuleScan.scan(module)));
        for (byte[] file : classes.classes().values()) {
            for (var method : ClassFile.of().parse(file).methods()) {
                if (method.methodName().equalsString("func_0")) {
                    String calls = calls(method.code().orElseThrow().elementList()).toString();
                    // One at the beginning.
                    assertEquals("[heedCall, heedInterrupt]", calls);
                }
            }
        }
    }

    private static List<String> calls(List<? extends Object> code) {
        return code.stream()
                .filter(InvokeInstruction.class::isInstance)
                .map(InvokeInstruction.class::cast)
                .map(call -> call.name().stringValue())
                .toList();
    }

    @Test
    void aShortFunctionThatCallsItselfIsThereTwice() throws Exception {
        CompiledGuest guest = CompiledGuest.ofFunction(recursion(0));
        assertTrue(guest.calls(1).contains("again_1"), guest.calls(1).toString());
        assertFalse(guest.calls(1).contains("func_1"), guest.calls(1).toString());
        assertEquals((1 << 11) - 1, guest.apply(10, 0));
        CompiledGuest longer = CompiledGuest.ofFunction(recursion(100));
        assertFalse(longer.calls(1).contains("again_1"), longer.calls(1).toString());
        assertEquals((1 << 11) - 1, longer.apply(10, 0));
    }

    /** Counts the calls of a tree of this depth; a function, as long as is wanted, of two i32. */
    static ModuleBytes recursion(int more) {
        ModuleBytes body = bytes().raw(0);
        for (int i = 0; i < more; i++) {
            body.raw(0x20, 0, 0x1A);
        }
        int[] half = {0x20, 0, 0x41, 1, 0x6B, 0x20, 1, 0x10, 1};
        return body.raw(0x20, 0, 0x45, 0x04, 0x40, 0x41, 1, 0x0F, 0x0B)
                .raw(half)
                .raw(half)
                .raw(0x6A, 0x41, 1, 0x6A, 0x0B);
    }

    /** i32.load of this address and this offset, dropped. */
    private static byte[] load(int address, int... offset) {
        return ModuleBytes.command()
                .code(bytes().raw(0, 0x41).signed(address).raw(0x28, 0).raw(offset).raw(0x1A, 0x0B))
                .toBytes();
    }

    @Test
    void addressesNeverWrapRound() throws Exception {
        compiled(load(65532, 0)).run(0);
        compiled(load(65528, 4)).run(0);
        for (byte[] outside :
                List.of(
                        load(65533, 0),
                        load(65529, 4),
                        load(-1, 0),
                        load(-4, 8),
                        load(0x7FFF_FFFF, 0x81, 0x80, 0x80, 0x80, 8),
                        load(-1, 0xFF, 0xFF, 0xFF, 0xFF, 15))) {
            WasmEngineException trap =
                    assertThrows(WasmEngineException.class, () -> compiled(outside).run(0));
            assertEquals("out of bounds memory access", trap.getMessage());
        }
    }

    @Test
    void aFunctionThatWouldGetTooLongStaysAsItIs() {
        byte[] file = loops(5000);
        assertSame(file, Peephole.improve(file));
        byte[] small = loops(50);
        assertNotSame(small, Peephole.improve(small));
    }

    /** A class with one function, of so many loops. */
    private static byte[] loops(int count) {
        return ClassFile.of()
                .build(
                        ClassDesc.of("Loops"),
                        type ->
                                type.withMethodBody(
                                        "func_0",
                                        MethodTypeDesc.ofDescriptor(
                                                "(Lrun/endive/runtime/Memory;"
                                                        + "Lrun/endive/runtime/Instance;)V"),
                                        ClassFile.ACC_STATIC,
                                        code -> loops(count, code)));
    }

    private static void loops(int count, CodeBuilder code) {
        ClassDesc helpers = ClassDesc.of("Shaded");
        for (int i = 0; i < count; i++) {
            Label head = code.newBoundLabel();
            Label end = code.newLabel();
            code.iconst_0().ifeq(end);
            code.invokestatic(helpers, "checkInterruption", ConstantDescs.MTD_void).goto_(head);
            code.labelBinding(end);
        }
        code.return_();
    }
}
