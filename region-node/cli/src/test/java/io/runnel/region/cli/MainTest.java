package io.runnel.region.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.region.cli.supervisor.FakeTopology;
import io.runnel.region.cli.supervisor.Installation;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class MainTest {
    @TempDir private Path folder;

    @Test
    void nothingToDoIsWrongUsageAndShowsWhatThereIs() {
        TestShell shell = new TestShell(folder);
        assertEquals(2, shell.run());
        assertTrue(shell.err().contains("deploy"), shell.err());
    }

    @Test
    void helpIsNoFailure() {
        TestShell shell = new TestShell(folder);
        assertEquals(0, shell.run("help", "deploy"));
        assertTrue(shell.out().startsWith("Usage: runnel deploy"), shell.out());
        assertEquals(0, shell.run("--help"));
        for (String command :
                List.of(
                        "up", "down", "status", "deploy", "invoke", "tasks", "logs", "pool",
                        "chaos", "doctor")) {
            assertTrue(shell.out().contains("\n  " + command + " "), shell.out());
        }
        assertTrue(!shell.out().contains("supervise"), shell.out());
    }

    @Test
    void anUnknownCommandIsAnsweredWithTheNearest() {
        TestShell shell = new TestShell(folder);
        assertEquals(2, shell.run("stauts"));
        assertEquals(1, shell.err().lines().count(), shell.err());
        assertTrue(shell.err().contains("'stauts'"), shell.err());
        assertTrue(shell.err().contains("status"), shell.err());
    }

    @Test
    void anUnknownOptionIsNamed() {
        TestShell shell = new TestShell(folder);
        assertEquals(2, shell.run("up", "--detatch"));
        assertTrue(shell.err().contains("--detatch"), shell.err());
        assertTrue(shell.err().contains("--detach"), shell.err());
    }

    @Test
    void withoutANetworkACommandSaysHowToStartOne() {
        TestShell shell = new TestShell(folder);
        assertEquals(1, shell.run("status"));
        assertEquals(
                "runnel: no network runs on %s; start one: ./runnel up\n"
                        .formatted(folder.resolve(".runnel")),
                shell.err());
        assertEquals(1, shell.run("stop", "ams", "--data", folder.resolve("x").toString()));
        assertTrue(shell.err().contains("./runnel up --data " + folder.resolve("x")), shell.err());
    }

    @Test
    void aResultThatNobodyTakesIsAFailure() throws IOException {
        Path file = Files.writeString(folder.resolve("t.yaml"), FakeTopology.TEXT);
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Shell shell =
                new Shell(
                        InputStream.nullInputStream(),
                        new PrintStream(new FullDisk(), false, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        Map.of(),
                        new Installation(folder, folder, folder, Optional.empty()));
        assertEquals(1, Main.run(shell, "topology", "check", file.toString()));
        assertEquals(
                "runnel: standard output takes no more: it is closed or full\n",
                err.toString(StandardCharsets.UTF_8));
    }

    private static final class FullDisk extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            throw new IOException("No space left on device");
        }
    }

    @Test
    void aFolderThatIsNoneIsNamedWithTheReason() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        TestShell shell = new TestShell(folder);
        assertEquals(1, shell.run("up", "--data", file.toString()));
        assertEquals(
                "runnel: data folder %s cannot be used: it is no folder; name another with --data DIR\n"
                        .formatted(file),
                shell.err());
    }

    @Test
    void aTopologyIsDrawnWithoutANetwork() throws IOException {
        Path file = Files.writeString(folder.resolve("t.yaml"), FakeTopology.TEXT);
        Path map = folder.resolve("map.svg");
        TestShell shell = new TestShell(folder);
        assertEquals(0, shell.run("topology", "render", file.toString(), "-o", map.toString()));
        assertTrue(Files.readString(map).endsWith("</svg>\n"), Files.readString(map));
        assertTrue(shell.out().contains("the network does not run here"), shell.out());
        assertEquals(0, shell.run("topology", "render", file.toString()));
        assertEquals(Files.readString(map), shell.out());
        assertEquals(1, shell.run("topology", "render", file.toString(), "-o", folder.toString()));
        assertTrue(shell.err().contains("cannot be written"), shell.err());
    }

    @Test
    void everyLineAboutATopologyNamesItsFile() throws IOException {
        Path file = Files.writeString(folder.resolve("t.yaml"), "network: A\nregion: []\n");
        TestShell shell = new TestShell(folder);
        assertEquals(1, shell.run("topology", "check", file.toString()));
        assertEquals(2, shell.err().lines().count(), shell.err());
        assertTrue(shell.err().lines().allMatch(l -> l.startsWith(file + ":")), shell.err());
        assertEquals(1, shell.run("up", "-t", file.toString()));
        assertEquals(
                2,
                shell.err().lines().filter(l -> l.startsWith("runnel: " + file + ":")).count(),
                shell.err());
        assertEquals(1, shell.run("topology", "check", folder.toString()));
        assertEquals(
                "runnel: cannot read topology %s: Is a directory\n".formatted(folder), shell.err());
    }

    @Test
    void downWithoutANetworkIsDone() {
        TestShell shell = new TestShell(folder);
        assertEquals(0, shell.run("down"));
    }

    @Test
    void deployNamesTheLimitThatAFilePasses() throws IOException {
        Path large = Files.write(folder.resolve("large.wasm"), new byte[(32 << 20) + 1]);
        TestShell shell = new TestShell(folder);
        assertEquals(1, shell.run("deploy", "large", large.toString()));
        assertTrue(shell.err().contains("33,554,433 bytes"), shell.err());
        assertTrue(shell.err().contains("32MiB"), shell.err());
    }

    @Test
    void deployRefusesWrongValuesBeforeItAsksAnybody() {
        TestShell shell = new TestShell(folder);
        assertEquals(2, shell.run("deploy", "No_Name", "x.wasm"));
        assertTrue(shell.err().contains("'No_Name'"), shell.err());
        assertEquals(2, shell.run("deploy", "a", "x.wasm", "--runtime", "cobol"));
        assertTrue(shell.err().contains("'cobol', and must be wasm, js or linux"), shell.err());
        assertEquals(2, shell.run("deploy", "a", "x.wasm", "--memory", "lots"));
        assertTrue(shell.err().contains("'lots'"), shell.err());
        assertEquals(2, shell.run("deploy", "a"));
        assertTrue(shell.err().contains("FILE"), shell.err());
    }

    @Test
    void whoHasNoKeyIsToldWhereToGetOne() {
        TestShell shell = new TestShell(folder);
        assertEquals(1, shell.run("tasks"));
        assertTrue(shell.err().contains("no key for account 'demo'"), shell.err());
    }

    @Test
    void variablesAreChecked() {
        TestShell shell = new TestShell(folder).with("RUNNEL_KEY", "nonsense");
        assertEquals(2, shell.run("tasks"));
        assertTrue(shell.err().contains("RUNNEL_KEY must be ID.SECRET"), shell.err());
        assertTrue(!shell.err().contains("nonsense"), shell.err());
    }

    @Test
    void whatTheLauncherDoesIsSaidToBeItsOwn() {
        TestShell shell = new TestShell(folder);
        assertEquals(2, shell.run("verify", "-DskipTests"));
        assertTrue(shell.err().contains("./runnel verify -DskipTests"), shell.err());
        assertEquals(2, shell.run("chaos", "run", "link-cut"));
        assertTrue(shell.err().contains("./runnel chaos run link-cut"), shell.err());
    }
}
