package io.runnel.exec.microvm.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;

/** The function's process, without a machine. */
final class GuestProcessTest {
    @TempDir static Path built;

    @TempDir Path work;

    @BeforeAll
    static void build() throws Exception {
        NativeAgent.build(built);
    }

    private GuestStart start(String bootstrap) throws Exception {
        try (NativeAgent agent =
                NativeAgent.start(built, work, bootstrap, NativeAgent.config(Map.of()))) {
            return agent.channel().awaitReady(NativeAgent.later());
        }
    }

    private static String why(GuestStart start) {
        return ((GuestStart.Failed) start).error().body();
    }

    @Test
    void aProcessThatEndsSaysHow() throws Exception {
        assertEquals(
                new GuestStart.Ended(
                        new GuestAnswer.Exited(OptionalInt.of(7), OptionalInt.empty(), false)),
                start("#!/bin/sh\nexit 7\n"));
        assertEquals(
                new GuestStart.Ended(
                        new GuestAnswer.Exited(OptionalInt.empty(), OptionalInt.of(15), false)),
                start("#!/bin/sh\nkill -TERM $$\n"));
    }

    @Test
    void whatDoesNotStartSaysWhy() throws Exception {
        assertEquals(
                "{\"errorMessage\":\"bootstrap is a script for /no/such, which is not there\","
                        + "\"errorType\":\"Runtime.InvalidEntrypoint\"}",
                why(start("#! /no/such -x\n")));
        assertTrue(why(start("echo hello\n")).contains("neither a program nor a script"));
        assertTrue(why(start("\177ELF\2\1\1" + "\0".repeat(60))).contains("another machine"));
    }

    @Test
    void withoutItsRunBitOrWithoutAFileItSaysSo() throws Exception {
        Path bootstrap = Files.writeString(work.resolve("bootstrap"), "#!/bin/sh\n");
        try (NativeAgent agent = NativeAgent.launch(built, work, NativeAgent.config(Map.of()))) {
            assertTrue(why(agent.channel().awaitReady(NativeAgent.later())).contains("run bit"));
        }
        Files.delete(bootstrap);
        try (NativeAgent agent = NativeAgent.launch(built, work, NativeAgent.config(Map.of()))) {
            assertTrue(
                    why(agent.channel().awaitReady(NativeAgent.later()))
                            .contains("there is no bootstrap"));
        }
    }

    @Test
    void itsEnvironmentIsTheTasksAndLambdas() throws Exception {
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        Map<String, String> environment =
                Map.of("MINE", "a \"b\"\n\u00fc", "_HANDLER", "stolen", "TZ", "CET");
        try (NativeAgent agent =
                NativeAgent.start(
                        built,
                        work,
                        "#!/bin/sh\n"
                                + "tr '\\0' '\\n"
                                + "' </proc/$$/environ\n"
                                + "pwd; echo end\n"
                                + "exec sleep 600\n",
                        NativeAgent.config(environment))) {
            while (!log.toString(UTF_8).endsWith("end\n")) {
                assertTrue(agent.channel().settle(log::write, NativeAgent.later()));
            }
        }
        String all = "\n" + log.toString(UTF_8);
        for (String line :
                new String[] {
                    "MINE=a \"b\"\n\u00fc",
                    "_HANDLER=h.x",
                    "TZ=CET",
                    "AWS_LAMBDA_FUNCTION_NAME=f",
                    "AWS_LAMBDA_FUNCTION_VERSION=7",
                    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE=128",
                    "AWS_LAMBDA_INITIALIZATION_TYPE=on-demand",
                    "LAMBDA_TASK_ROOT=" + work,
                    "LAMBDA_RUNTIME_DIR=/var/runtime",
                    "HOME=/tmp",
                    work.toString()
                }) {
            assertTrue(all.contains("\n" + line + "\n"), line + " is not in " + all);
        }
        assertFalse(all.contains("stolen"));
    }

    @Test
    void aFloodOfLogsWaitsForItsReader() throws Exception {
        String flood = "#!/bin/sh\necho $$\nexec yes flood\n";
        try (NativeAgent agent =
                NativeAgent.start(built, work, flood, NativeAgent.config(Map.of()))) {
            long[] got = new long[1];
            while (got[0] < 2_000_000) {
                assertTrue(
                        agent.channel()
                                .settle(
                                        (bytes, offset, length) -> got[0] += length,
                                        NativeAgent.later()));
            }
            assertTrue(agent.channel().ended().isEmpty());
        }
    }

    @Test
    void stoppedItEndsEvenIfItDoesNotWant() throws Exception {
        String stubborn = "#!/bin/sh\ntrap '' TERM\necho up\nwhile :; do sleep 600; done\n";
        try (NativeAgent agent =
                NativeAgent.start(built, work, stubborn, NativeAgent.config(Map.of()))) {
            ByteArrayOutputStream log = new ByteArrayOutputStream();
            while (log.size() == 0) {
                assertTrue(agent.channel().settle(log::write, NativeAgent.later()));
            }
            assertEquals(
                    new GuestAnswer.Exited(OptionalInt.empty(), OptionalInt.of(9), false),
                    agent.channel().stop(50, NativeAgent.later()).orElseThrow());
            assertEquals(0, agent.exitCode());
        }
    }

    @Test
    void anExitInACallIsTheCallsEnd() throws Exception {
        try (NativeAgent agent =
                NativeAgent.start(
                        built,
                        work,
                        "#!/bin/sh\necho last words >&2\nprintf half\nexit 3\n",
                        NativeAgent.config(Map.of()))) {
            NativeAgent.Result result = agent.invoke("id-1", new byte[100]);
            assertEquals(
                    new GuestAnswer.Exited(OptionalInt.of(3), OptionalInt.empty(), false),
                    result.answer());
            assertTrue(agent.printed().contains("last words\n"), agent.printed());
            assertTrue(agent.printed().contains("half"), agent.printed());
        }
    }
}
