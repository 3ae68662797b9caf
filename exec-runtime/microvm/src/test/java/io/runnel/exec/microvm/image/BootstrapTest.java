package io.runnel.exec.microvm.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.runnel.exec.isolate.CodeRejectedException;
import io.runnel.exec.isolate.CodeRejectedException.Code;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;

/** What a task begins with: programs and scripts, for guests and for others. */
class BootstrapTest {
    private static void assertRefused(Code code, String message, HandMadeZip zip) {
        var e = assertThrows(CodeRejectedException.class, () -> CodeArchive.read(zip.bytes()));
        assertEquals(code, e.code(), e.getMessage());
        assertTrue(e.getMessage().contains(message), e.getMessage());
    }

    private static void assertRefused(Code code, String message, byte[] program) {
        assertRefused(code, message, HandMadeZip.ofBootstrap(program));
    }

    private static void assertRefused(Code code, String message, String script) {
        assertRefused(code, message, script.getBytes(UTF_8));
    }

    private static BootstrapNeeds needs(HandMadeZip zip) throws Exception {
        return CodeArchive.read(zip.bytes()).needs();
    }

    private static BootstrapNeeds needs(String script) throws Exception {
        return needs(HandMadeZip.ofBootstrap(script.getBytes(UTF_8)));
    }

    @Test
    void aStaticProgramNeedsNothing() throws Exception {
        assertTrue(needs(HandMadeZip.ofBootstrap(Elf.STATIC.bytes())).areNone());
        assertTrue(needs(HandMadeZip.ofBootstrap(Elf.STATIC.type(3).bytes())).areNone());
    }

    @Test
    void aLinkedProgramNeedsItsLoader() throws Exception {
        Elf linked = Elf.STATIC.loader("/lib64/ld-linux-x86-64.so.2");
        assertEquals(
                List.of("/lib64/ld-linux-x86-64.so.2"),
                needs(HandMadeZip.ofBootstrap(linked.bytes())).files());
        Elf brought = Elf.STATIC.loader("/var/task/lib/ld.so");
        assertRefused(
                Code.NO_ENTRY,
                "bootstrap needs '/var/task/lib/ld.so', which is not in the archive",
                brought.bytes());
        var zip =
                HandMadeZip.ofBootstrap(brought.bytes())
                        .add(
                                HandMadeZip.entry("lib/ld.so".getBytes(UTF_8), Elf.STATIC.bytes())
                                        .mode(0100755));
        assertTrue(needs(zip).areNone());
    }

    @Test
    void whatIsForOtherMachinesIsSaid() {
        assertRefused(
                Code.UNSUPPORTED,
                "bootstrap is for ARM aarch64, this network runs x86-64",
                Elf.STATIC.machine(183).bytes());
        assertRefused(
                Code.UNSUPPORTED,
                "bootstrap is for 32-bit x86,",
                Elf.STATIC.machine(3).width(1).bytes());
        assertRefused(Code.UNSUPPORTED, "(ELF machine 4711)", Elf.STATIC.machine(4711).bytes());
        assertRefused(Code.UNSUPPORTED, "a program for Windows", "MZ\0\0");
        assertRefused(
                Code.UNSUPPORTED,
                "a program for macOS",
                new byte[] {(byte) 0xcf, (byte) 0xfa, (byte) 0xed, (byte) 0xfe, 7});
        byte[] freeBsd = Elf.STATIC.bytes();
        freeBsd[7] = 9;
        assertRefused(Code.UNSUPPORTED, "not for Linux", freeBsd);
    }

    @Test
    void whatIsNoProgramIsSaid() {
        assertRefused(Code.UNSUPPORTED, "an object file", Elf.STATIC.type(1).bytes());
        assertRefused(Code.UNSUPPORTED, "a library", Elf.STATIC.type(3).entry(0).bytes());
        assertRefused(Code.MALFORMED, "header is cut short", Arrays.copyOf(Elf.STATIC.bytes(), 40));
        assertRefused(Code.MALFORMED, "it is cut short", Arrays.copyOf(Elf.STATIC.bytes(), 100));
        assertRefused(Code.MALFORMED, "no loader", Elf.STATIC.loader("ld.so").bytes());
        assertRefused(
                Code.MALFORMED, "no loader", Elf.STATIC.loader("/" + "x".repeat(4096)).bytes());
        assertRefused(Code.NO_ENTRY, "neither a program (ELF) nor a script", "echo hello\n");
        assertRefused(Code.NO_ENTRY, "bootstrap is empty", "");
    }

    @Test
    void aBootstrapIsAtTheTopAndMayBeRun() throws Exception {
        assertRefused(
                Code.NO_ENTRY,
                "no file bootstrap at its top",
                new HandMadeZip().add("a/bootstrap", "x"));
        assertRefused(
                Code.NO_ENTRY, "bootstrap is a folder", new HandMadeZip().add("bootstrap/", ""));
        assertRefused(
                Code.NO_ENTRY,
                "bootstrap may not be run: chmod +x",
                new HandMadeZip().add("bootstrap", "#!/bin/sh\n"));
        var dangling = new HandMadeZip().add(HandMadeZip.entry("bootstrap", "no").mode(0120777));
        assertRefused(Code.NO_ENTRY, "no file bootstrap", dangling);
        var circle =
                new HandMadeZip().add(HandMadeZip.entry("bootstrap", "bootstrap").mode(0120777));
        assertRefused(Code.NO_ENTRY, "no file bootstrap", circle);
        var linked =
                new HandMadeZip()
                        .add(HandMadeZip.entry("bootstrap", "bin/run").mode(0120777))
                        .add(HandMadeZip.entry("bin/run", "#!/bin/sh\n").mode(0100755));
        assertEquals(List.of("/bin/sh"), needs(linked).files());
    }

    @Test
    void aScriptNeedsItsInterpreter() throws Exception {
        assertEquals(List.of("/bin/sh"), needs("#! /bin/sh -e\nexit\n").files());
        assertEquals(List.of("/bin/sh"), needs("#!/bin/sh").files());
        var env = needs("#!/usr/bin/env python3\n");
        assertEquals(List.of("/usr/bin/env"), env.files());
        assertEquals(List.of("python3"), env.commands());
        assertEquals(
                List.of("node"), needs("#!/usr/bin/env -S A=b\tnode --no-warnings\n").commands());
        assertEquals(List.of(), needs("#!/bin/sh python3\n").commands());
    }

    @Test
    void aFirstLineThatLinuxDoesNotTakeIsSaid() {
        assertRefused(Code.MALFORMED, "line ends of Windows", "#!/bin/sh\r\necho\r\n");
        assertRefused(Code.MALFORMED, "byte order mark", "\uFEFF#!/bin/sh\n");
        assertRefused(Code.NO_ENTRY, "absolute path", "#!sh\n");
        assertRefused(Code.NO_ENTRY, "absolute path", "#! \n");
        assertRefused(Code.MALFORMED, "longer than 255", "#!/" + "x".repeat(300) + "\n");
    }

    @Test
    void anInterpreterOfTheArchiveIsLookedAtToo() throws Exception {
        var zip =
                HandMadeZip.ofBootstrap("#!/var/task/sh\n".getBytes(UTF_8))
                        .add(
                                HandMadeZip.entry(
                                                "sh".getBytes(UTF_8),
                                                Elf.STATIC.loader("/lib/ld.so").bytes())
                                        .mode(0100755));
        assertEquals(List.of("/lib/ld.so"), needs(zip).files());
        assertRefused(
                Code.NO_ENTRY,
                "sh may not be run",
                HandMadeZip.ofBootstrap("#!/var/task/sh\n".getBytes(UTF_8)).add("sh", "x"));
        assertRefused(
                Code.NO_ENTRY,
                "more than 4 interpreters",
                HandMadeZip.ofBootstrap("#!/var/task/bootstrap\n".getBytes(UTF_8)));
    }
}
