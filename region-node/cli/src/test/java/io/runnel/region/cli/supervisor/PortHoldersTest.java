package io.runnel.region.cli.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

class PortHoldersTest {
    private static final String LISTENING =
            "   1: 0100007F:1F91 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000  "
                    + "      0 4711 1 0000000000000000 100 0 0 10 0";
    private static final String CONNECTED = LISTENING.replace(" 0A ", " 01 ");

    @TempDir private Path proc;

    @Test
    void aListenerOnThePortHasAnInode() {
        assertEquals(OptionalLong.of(4711), PortHolders.listeningInode(LISTENING, 8081));
    }

    @Test
    void otherPortsConnectionsAndHeadingsHaveNone() {
        assertEquals(OptionalLong.empty(), PortHolders.listeningInode(LISTENING, 8082));
        assertEquals(OptionalLong.empty(), PortHolders.listeningInode(CONNECTED, 8081));
        assertEquals(
                OptionalLong.empty(),
                PortHolders.listeningInode("  sl  local_address rem_address   st", 8081));
    }

    @Test
    void theProcessWithTheSocketIsNamed() throws IOException {
        net();
        process("12", "sh", "sh", "socket:[99]");
        process("123", "java", "java\0-jar\0x.jar\0", "socket:[4711]");
        assertEquals(
                Optional.of("pid 123 (java)"),
                new PortHolders(proc).of(8081).map(PortHolders.Holder::toString));
    }

    @Test
    void aNodeOfAnotherNetworkIsNamedAsSuch() throws IOException {
        net();
        process("123", "java", "java\0--data\0/other\0--node\0ams\0", "socket:[4711]");
        assertEquals(
                Optional.of("pid 123 (java, node ams of the network in /other)"),
                new PortHolders(proc).of(8081).map(PortHolders.Holder::toString));
    }

    @Test
    void whatCannotBeSeenIsNobody() throws IOException {
        net();
        assertEquals(Optional.empty(), new PortHolders(proc).of(8081));
        assertEquals(Optional.empty(), new PortHolders(proc.resolve("none")).of(8081));
    }

    private void net() throws IOException {
        Files.createDirectories(proc.resolve("net"));
        Files.writeString(proc.resolve("net/tcp"), "  sl  local_address\n" + LISTENING + "\n");
    }

    private void process(String pid, String name, String commandLine, String link)
            throws IOException {
        Path fds = Files.createDirectories(proc.resolve(pid).resolve("fd"));
        Files.writeString(proc.resolve(pid).resolve("comm"), name + "\n");
        Files.writeString(proc.resolve(pid).resolve("cmdline"), commandLine);
        Files.createSymbolicLink(fds.resolve("7"), Path.of(link));
    }
}
