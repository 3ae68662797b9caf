package io.runnel.exec.wasm;

import static io.runnel.exec.wasm.ModuleBytes.bytes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.isolate.Program;
import io.runnel.exec.isolate.Tier;

import org.junit.jupiter.api.Test;

import java.lang.management.ClassLoadingMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.util.function.BooleanSupplier;

/**
 * What is closed is unloaded: modules come and go, and what their classes take stays bounded. 500
 * modules; {@code -Drunnel.modules=10000} for more.
 */
class ClassUnloadingTest {
    private static final int MODULES = Integer.getInteger("runnel.modules", 500);
    private static final int WARM_UP = 20;

    /** Of a module this small: five classes, and about 40 KiB of their data. */
    private static final int FEWER_CLASSES_THAN = 100;

    private static final long LESS_METASPACE_THAN_BYTES = 8L << 20;

    private final ClassLoadingMXBean loading = ManagementFactory.getClassLoadingMXBean();
    private final MemoryPoolMXBean metaspace =
            ManagementFactory.getMemoryPoolMXBeans().stream()
                    .filter(pool -> pool.getName().equals("Metaspace"))
                    .findFirst()
                    .orElseThrow();

    @Test
    void classesGoWithTheirPrograms() throws Exception {
        WasmRuntime runtime = Programs.runtime();
        for (int i = 0; i < WARM_UP; i++) {
            comeAndGo(runtime, -1 - i);
        }
        System.gc();
        int classesBefore = loading.getLoadedClassCount();
        long unloadedBefore = loading.getUnloadedClassCount();
        long bytesBefore = metaspace.getUsage().getUsed();
        for (int i = 0; i < MODULES; i++) {
            comeAndGo(runtime, i);
        }
        await(() -> loading.getLoadedClassCount() < classesBefore + FEWER_CLASSES_THAN);
        long grown = metaspace.getUsage().getUsed() - bytesBefore;
        assertTrue(grown < LESS_METASPACE_THAN_BYTES, () -> "metaspace grew by " + grown);
        long unloaded = loading.getUnloadedClassCount() - unloadedBefore;
        assertTrue(unloaded >= 4L * MODULES - FEWER_CLASSES_THAN, () -> unloaded + " unloaded");
    }

    private static void comeAndGo(WasmRuntime runtime, int number) throws Exception {
        byte[] module = module(number);
        Program program = runtime.open(Programs.task(module), module);
        program.optimize();
        assertEquals(Tier.COMPILED, program.tier());
        assertEquals("", Programs.output(program.newIsolate(), module));
        program.close();
    }

    /** A module like no other: the number is a constant in it. */
    private static byte[] module(int number) {
        return ModuleBytes.command()
                .code(bytes().raw(0, 0x41).signed(number).raw(0x1A, 0x0B))
                .toBytes();
    }

    /** Collections unload; when, is the JVM's affair. */
    private static void await(BooleanSupplier reached) {
        for (int i = 0; i < 20 && !reached.getAsBoolean(); i++) {
            System.gc();
        }
        assertTrue(reached.getAsBoolean(), "classes are not unloaded");
    }
}
