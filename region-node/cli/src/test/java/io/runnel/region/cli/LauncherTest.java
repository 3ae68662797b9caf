package io.runnel.region.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The launcher's script in a project of its own, with a Maven and a Java that only note calls. */
class LauncherTest {
    @TempDir private Path folder;
    private LauncherProject project;

    @BeforeEach
    void prepare() throws IOException {
        project = new LauncherProject(folder);
    }

    @Test
    void buildsOnceAndAgainWhenASourceChanges() throws Exception {
        var first = project.run("status");
        assertEquals(0, first.exit(), first.toString());
        assertTrue(first.err().contains("building, since sources changed"), first.err());
        assertTrue(first.err().contains("[1/2] task"), first.err());
        assertTrue(first.err().contains("built in "), first.err());

        var second = project.run("status");
        assertEquals("", second.err());
        assertEquals(1, project.builds());

        project.write("topology/src/main/java/A.java", "class A { int a; }");
        project.run("status");
        assertEquals(2, project.builds());

        project.write("topology/src/main/java/A.java", "class A {}");
        assertEquals("", project.run("status").err(), "changed back: that is built already");
        assertEquals(2, project.builds());
    }

    @Test
    void testsAndScriptsAreNoReasonToBuild() throws Exception {
        project.run("status");
        project.write("topology/src/test/java/ATest.java", "class ATest {}");
        project.write("exec-runtime/samples/x/src/main/x.c", "int x;");
        project.write("topology/target/quick/src/main/A.java", "class A {}");
        project.run("status");
        assertEquals(1, project.builds());
    }

    @Test
    void wordsReachTheProgramAsTheyWere() throws Exception {
        var run = project.run("invoke", "a b", "", "$HOME", "'\"*");
        List<String> words = run.out().lines().toList();
        assertEquals(
                List.of("<invoke>", "<a b>", "<>", "<$HOME>", "<'\"*>"),
                words.subList(words.size() - 5, words.size()));
    }

    @Test
    void whatComputesLongerGetsMemoryAndTheGoodCompiler() throws Exception {
        String replay = project.run("pool", "replay", "trace.csv").out();
        assertTrue(replay.contains("<-XX:MaxRAMPercentage=60>"), replay);
        assertTrue(!replay.contains("TieredStopAtLevel"), replay);
        String status = project.run("status").out();
        assertTrue(status.contains("<-XX:TieredStopAtLevel=1>"), status);
    }

    @Test
    void aBuildThatFailsIsToldAndLeavesTheJarsThatRun() throws Exception {
        project.run("status");
        project.write("topology/src/main/java/A.java", "broken");
        project.letMavenFail("[ERROR] A.java:[1,1] class expected");
        var failed = project.run("status");
        assertEquals(1, failed.exit());
        assertTrue(failed.err().contains("A.java:[1,1] class expected"), failed.err());
        assertTrue(failed.err().contains("the build failed after"), failed.err());
        assertEquals(0, project.with("RUNNEL_BUILD", "off").run("status").exit());
    }

    @Test
    void neverBuildsWhenToldSo() throws Exception {
        var run = project.with("RUNNEL_BUILD", "off").run("status");
        assertEquals(1, run.exit());
        assertTrue(run.err().startsWith("runnel: nothing is built yet"), run.err());
        assertEquals(0, project.builds());
    }

    @Test
    void runsWhatAnotherFolderHas() throws Exception {
        Path lib = Files.createDirectories(folder.resolve("other/lib"));
        Files.createFile(lib.resolve("runnel-cli.jar"));
        var run = project.with("RUNNEL_DIST", lib.getParent().toString()).run("status");
        assertEquals(0, run.exit(), run.toString());
        assertTrue(run.out().contains("<" + lib.resolve("runnel-cli.jar") + ">"), run.out());
        assertEquals(0, project.builds());

        var wrong = project.with("RUNNEL_DIST", "/nowhere").run("status");
        assertEquals("runnel: RUNNEL_DIST: no lib/runnel-cli.jar in '/nowhere'\n", wrong.err());
        assertEquals(1, wrong.exit());
    }

    @Test
    void twoAtOnceBuildOnce() throws Exception {
        Process one = project.start("status");
        Process two = project.start("status");
        assertEquals(0, one.waitFor());
        assertEquals(0, two.waitFor());
        assertEquals(1, project.builds());
    }

    @Test
    void theTwoNewestBuildsAreKept() throws Exception {
        for (int i = 0; i < 4; i++) {
            project.write("topology/src/main/java/A.java", "// " + "x".repeat(i));
            project.run("status");
        }
        assertEquals(4, project.builds());
        try (Stream<Path> kept = Files.list(project.top().resolve(".dist"))) {
            assertEquals(2, kept.filter(Files::isDirectory).count());
        }
    }

    @Test
    void aLinkToItIsAsGood() throws Exception {
        Path link =
                Files.createSymbolicLink(folder.resolve("link"), project.top().resolve("runnel"));
        var run = project.runAs(link, "status");
        assertEquals(0, run.exit(), run.toString());
        assertTrue(run.out().contains("<-Drunnel.top=" + project.top() + ">"), run.out());
    }

    @Test
    void doctorTellsWithoutABuild() throws Exception {
        var run = project.run("doctor", "--json");
        JsonNode told = Json.read(run.out());
        assertTrue(told.path("ok").asBoolean(), run.toString());
        assertEquals("jdk", told.path("checks").path(0).path("name").asText(), run.toString());
        assertEquals(0, project.builds());
        assertEquals(2, project.run("doctor", "--instal").exit());
    }

    @Test
    void doctorNamesWhoHasAPortOfTheDefaultTopology() throws Exception {
        try (ServerSocket holder = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            project.write(
                    "topology/examples/two-regions.yaml",
                    "listen: 127.0.0.1:%d".formatted(holder.getLocalPort()));
            var run = project.run("doctor");
            assertEquals(0, run.exit(), run.toString());
            String expected =
                    "port %d  in use by pid %d (java)"
                            .formatted(holder.getLocalPort(), ProcessHandle.current().pid());
            assertTrue(
                    run.out().replaceAll(" +", " ").contains(expected.replaceAll(" +", " ")),
                    run.out());
        }
    }

    @Test
    void whatCannotBeBuiltHereIsToldInOneLine() throws Exception {
        project.write(".dist", "no folder");
        var run = project.run("status");
        assertEquals(1, run.exit());
        assertEquals(1, run.err().lines().count(), run.err());
        assertTrue(
                run.err().contains("'%s/.dist' cannot be written".formatted(project.top())),
                run.err());
    }

    @Test
    void helpOfVerifyRunsNothing() throws Exception {
        var run = project.run("verify", "--help");
        assertEquals(0, run.exit());
        assertTrue(run.out().startsWith("Usage: runnel verify"), run.out());
        assertEquals(0, project.builds());
    }

    @Test
    void verifyIsMavensVerifyWithTheRightJdk() throws Exception {
        var run = project.with("RUNNEL_STRICT", "1").run("verify", "-pl", "topology");
        assertEquals(0, run.exit(), run.toString());
        assertTrue(run.err().contains("verify passed in 0 min"), run.err());
        String call = project.lastMavenCall();
        assertTrue(call.endsWith("verify -B -ntp -pl topology"), call);
        assertTrue(call.startsWith("JAVA_HOME=" + folder.resolve("jdk") + " STRICT=1 "), call);

        project.letMavenFail("[ERROR] a test");
        var failed = project.run("verify");
        assertEquals(1, failed.exit());
        assertTrue(failed.err().contains("verify failed after 0 min"), failed.err());
    }
}
