package io.runnel.exec.microvm.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.TreeSet;

/**
 * A machine that really boots, once for all of these; the last test ends it. What it runs is a C
 * program (src/test/guest/probe.c) that does what its event says.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class GuestBootIT {
    @TempDir static Path work;
    private static TestMachine machine;

    @BeforeAll
    static void boot() throws Exception {
        machine = TestMachine.bootOrSkip(work);
    }

    @AfterAll
    static void end() throws Exception {
        if (machine != null) {
            machine.close();
        }
    }

    private static String ask(String event) throws Exception {
        TestMachine.Result result = machine.invoke(event.getBytes(UTF_8));
        assertTrue(result.answer() instanceof GuestAnswer.Answered, result + machine.console());
        return new String(result.body(), UTF_8);
    }

    @Test
    @Order(1)
    void itEchoesThreeTimes() throws Exception {
        for (int i = 0; i < 3; i++) {
            assertEquals("echo " + i, ask("echo " + i));
        }
    }

    @Test
    @Order(2)
    void largeBodiesPassBothWays() throws Exception {
        byte[] large = new byte[1_000_000];
        new Random(1).nextBytes(large);
        large[0] = 'e';
        assertEquals(-1, java.util.Arrays.mismatch(large, machine.invoke(large).body()));
    }

    @Test
    @Order(3)
    void anErrorIsTold() throws Exception {
        assertEquals(
                new GuestAnswer.Failed(new GuestError("Probe.Error", "{\"errorMessage\":\"no\"}")),
                machine.invoke("fail".getBytes(UTF_8)).answer());
    }

    @Test
    @Order(4)
    void theFunctionHasNoRightsAndOnlyItsOwnFiles() throws Exception {
        List<String> facts = ask("facts").lines().toList();
        for (String fact :
                List.of(
                        "uid 1000 1000",
                        "gid 1000 1000",
                        "cwd /var/task",
                        "CapEff:\t0000000000000000",
                        "CapBnd:\t0000000000000000",
                        "NoNewPrivs:\t1",
                        "write /tmp/x: ok",
                        "write /var/task/x: Read-only file system",
                        "write /x: Read-only file system",
                        "write /etc/passwd: Read-only file system",
                        "write /dev/stdout: ok",
                        "write /proc/1/oom_score_adj: Permission denied",
                        "read /dev/vda: No such file or directory",
                        "read /dev/vport1p1: No such file or directory",
                        "read /proc/1/environ: Permission denied",
                        "time ok")) {
            assertTrue(facts.contains(fact), fact + " is not in " + facts);
        }
        assertEquals(
                new TreeSet<>(
                        List.of(
                                "bin", "dev", "etc", "opt", "proc", "run", "sys", "tmp", "usr",
                                "var")),
                new TreeSet<>(List.of(ask("list /").split("\n", -1))));
        assertEquals("bootstrap", ask("list /var/task"));
        assertEquals("0\n1\n2\n3\n4\n5", ask("list /proc/self/fd"), "its own three are 3 to 5");
    }

    @Test
    @Order(5)
    void tmpIsLimited() throws Exception {
        assertEquals("16 MiB, then No space left on device", ask("fill"));
    }

    @Test
    @Order(6)
    void aFloodOfLogsIsPassedOn() throws Exception {
        machine.log().reset();
        assertEquals("1000000", ask("flood"));
        assertEquals(1_000_000, machine.log().size());
    }

    @Test
    @Order(7)
    void aForkBombDoesNotStarveTheAgent() throws Exception {
        assertEquals("bombed", ask("bomb"));
        for (int i = 0; i < 5; i++) {
            assertTrue(machine.channel().ping(TestMachine.later()));
        }
        assertEquals("echo", ask("echo"));
        assertEquals("reaped", ask("unbomb"));
    }

    @Test
    @Order(8)
    void memoryThatRunsOutEndsTheFunctionAndNotTheAgent() throws Exception {
        assertEquals(
                new GuestAnswer.Exited(OptionalInt.empty(), OptionalInt.of(9), true),
                machine.invoke("eat".getBytes(UTF_8)).answer());
        assertFalse(machine.channel().isIdle());
        assertTrue(machine.channel().ended().isPresent());
    }

    @Test
    @Order(9)
    void stoppedTheMachineEnds() throws Exception {
        machine.channel().stop(100, TestMachine.later());
        assertEquals(0, machine.exitCode());
        assertTrue(
                machine.console().contains("runnel: the machine ends: stopped"), machine.console());
    }
}
