package io.runnel.exec.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.isolate.CodeRejectedException;
import io.runnel.exec.isolate.CodeRejectedException.Code;
import io.runnel.exec.isolate.Program;
import io.runnel.exec.isolate.Tier;
import io.runnel.exec.task.Limits;
import io.runnel.exec.wasi.AssetsRejectedException;
import io.runnel.exec.wasi.TaskPackage;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Arrays;

/** Code that is a package: a module with the files that its calls find. */
class PackagedTest {
    private static final byte[] MODULE = Guests.module("secret_file");

    @TempDir private Path folder;
    private Path assets;

    @BeforeEach
    void make() throws Exception {
        assets = Files.createDirectory(folder.resolve("files"));
    }

    private byte[] packaged(byte[] module, String greeting) throws Exception {
        Files.writeString(assets.resolve("greeting"), greeting);
        return TaskPackage.of(module, assets);
    }

    private WasmRuntime runtime() throws Exception {
        return new WasmRuntime(
                InstantSource.system(),
                System::nanoTime,
                new SecureRandom(),
                folder.resolve("classes"));
    }

    private static String output(Program program, byte[] code) {
        return Programs.output(program.newIsolate(), code);
    }

    @Test
    void callsFindItsFiles() throws Exception {
        byte[] code = packaged(MODULE, "good day");
        var report = Programs.runtime().inspect(code, Limits.DEFAULT);
        assertTrue(report.notes().toString().contains("files (1) of 8 bytes"), report::toString);
        try (Program program = Programs.open(code)) {
            assertEquals("0good day", output(program, code));
            program.optimize();
            assertEquals("0good day", output(program, code));
        }
    }

    @Test
    void filesWeigh() throws Exception {
        byte[] light = packaged(MODULE, "");
        byte[] heavy = packaged(MODULE, "x".repeat(1 << 20));
        try (Program one = Programs.open(light);
                Program two = Programs.open(heavy)) {
            long more = two.footprintBytes() - one.footprintBytes();
            assertTrue(more >= 1 << 20, more + " bytes");
        }
    }

    @Test
    void classesAreOfTheModuleAlone() throws Exception {
        byte[] one = packaged(MODULE, "one");
        try (Program program = runtime().open(Programs.task(one), one)) {
            assertEquals(Tier.INTERPRETED, program.tier());
            program.optimize();
        }
        byte[] two = packaged(MODULE, "two");
        try (Program program = runtime().open(Programs.task(two), two)) {
            assertEquals(Tier.COMPILED, program.tier(), "other files, the same module");
            assertEquals("0two", output(program, two));
        }
        try (Program program = runtime().open(Programs.task(MODULE), MODULE)) {
            assertEquals(Tier.COMPILED, program.tier());
            assertEquals("0", output(program, MODULE));
        }
        byte[] other = packaged(Guests.module("hello"), "two");
        try (Program program = runtime().open(Programs.task(other), other)) {
            assertEquals(Tier.INTERPRETED, program.tier(), "the same files, another module");
        }
    }

    @Test
    void badOnesAreNamed() throws Exception {
        byte[] good = packaged(MODULE, "x");
        String cut = refused(Code.MALFORMED, Arrays.copyOf(good, good.length - 1));
        assertTrue(cut.contains("zip"), cut);
        String noModule = refused(Code.MALFORMED, packaged(new byte[] {1, 2, 3}, "x"));
        assertFalse(noModule.contains("zip"), noModule);
        Files.createDirectory(assets.resolve("tmp"));
        var e = assertThrows(AssetsRejectedException.class, () -> packaged(MODULE, "x"));
        assertTrue(e.getMessage().contains("tmp"), e.getMessage());
    }

    private static String refused(Code code, byte[] archive) {
        var e =
                assertThrows(
                        CodeRejectedException.class,
                        () -> Programs.runtime().inspect(archive, Limits.DEFAULT));
        assertEquals(code, e.code(), e.getMessage());
        return e.getMessage();
    }
}
