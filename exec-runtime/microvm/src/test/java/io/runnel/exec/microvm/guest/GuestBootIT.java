package io.runnel.exec.microvm.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
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
 * A machine that really boots, once for all of these, and is restored from its snapshot before
 * them; the last test ends it. What it runs is a C program (src/test/guest/probe.c) that does what
 * its event says.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class GuestBootIT {
    /** A time that is not now, in 2096. */
    private static final long LATER_MILLIS = 4_000_000_000_000L;

    @TempDir static Path work;
    private static TestMachine machine;
    private static TestMachine clone;

    @BeforeAll
    static void boot() throws Exception {
        byte[] entropy = new byte[32];
        try (TestMachine first = TestMachine.bootOrSkip(work)) {
            TestMachine.Result echo = first.invoke("echo".getBytes(UTF_8));
            assertEquals("echo", echo.body());
            TestMachine.Snapshot snapshot = first.snapshot();
            machine = first.restore(snapshot, GuestWake.of(LATER_MILLIS, entropy));
            entropy[0] = 1;
            clone = first.restore(snapshot, GuestWake.of(LATER_MILLIS, entropy));
        }
    }

    @AfterAll
    static void end() throws Exception {
        for (TestMachine started : new TestMachine[] {machine, clone}) {
            if (started != null) {
                started.close();
            }
        }
    }

    private static String ask(String event) throws Exception {
        TestMachine.Result result = machine.invoke(event.getBytes(UTF_8));
        assertTrue(result.answer() instanceof GuestAnswer.Answered, result + machine.console());
        return result.body();
    }

    @Test
    @Order(1)
    void itEchoesThreeTimes() throws Exception {
        for (int i = 0; i < 3; i++) {
            assertEquals("echo " + i, ask("echo " + i));
        }
    }

    @Test
    @Order(1)
    void clonesHaveTheTimeAndRandomnessOfTheirOwn() throws Exception {
        List<String> own = ask("clone").lines().toList();
        List<String> others = clone.invoke("clone".getBytes(UTF_8)).body().lines().toList();
        assertNotEquals(own.get(0), others.get(0));
        assertEquals(32, own.get(0).length());
        assertTrue(Long.parseLong(own.get(1)) - LATER_MILLIS / 1000 < 600, own.get(1));
        assertTrue(Long.parseLong(own.get(1)) >= LATER_MILLIS / 1000, own.get(1));
        clone.close();
    }

    @Test
    @Order(2)
    void largeBodiesPassBothWays() throws Exception {
        byte[] large = new byte[1_000_000];
        new Random(1).nextBytes(large);
        large[0] = 'e';
        assertEquals(new String(large, ISO_8859_1), machine.invoke(large).body());
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
