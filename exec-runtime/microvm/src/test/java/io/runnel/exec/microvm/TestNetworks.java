package io.runnel.exec.microvm;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.runnel.exec.microvm.FunctionStart.Template;
import io.runnel.exec.microvm.guest.AgentChannel;
import io.runnel.exec.microvm.guest.GuestAnswer;
import io.runnel.exec.microvm.guest.GuestCall;
import io.runnel.exec.microvm.guest.GuestConfig;
import io.runnel.exec.microvm.guest.GuestWake;
import io.runnel.exec.microvm.guest.MicrovmTools;
import io.runnel.exec.microvm.guest.MovePoint;
import io.runnel.exec.microvm.image.CodeArchive;
import io.runnel.exec.microvm.image.CodeImage;
import io.runnel.exec.microvm.image.CodePacker;
import io.runnel.exec.microvm.machine.Machine;
import io.runnel.exec.network.Destinations;
import io.runnel.exec.network.GuestNetwork;
import io.runnel.exec.network.NetworkPoint;
import io.runnel.exec.network.NetworkSettings;
import io.runnel.exec.task.ByteSize;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Functions that do on the network what they are told ({@code net.c}). The one host that they may
 * reach, {@value #PEER}, is this computer.
 */
final class TestNetworks implements AutoCloseable {
    /** Where the tests' own servers are. */
    static final String PEER = "peer.test";

    private static final Path PROGRAM = Path.of("src", "test", "guest", "net.c");

    private final Path folder;
    private final NameLookup names = new NameLookup(address -> true);
    private final MicrovmHost host;
    private final CodeImage image;
    private final FunctionStart start;
    private int snapshots;

    TestNetworks(Path folder) throws Exception {
        this.folder = folder;
        Path kernels = MicrovmTools.kernels();
        Path code = Files.createDirectory(folder.resolve("net"));
        var unused = MicrovmTools.compiled(PROGRAM, code.resolve("bootstrap"));
        MicrovmFolders folders =
                new MicrovmFolders(folder.resolve("w"), kernels, folder.resolve("images"));
        this.host = MicrovmHost.open(folders, Clock.systemUTC(), names);
        this.image = host.image(CodeArchive.read(CodePacker.pack(code)));
        this.start =
                new FunctionStart(
                        host,
                        new GuestClock(Clock.systemUTC(), System::nanoTime, new SecureRandom()),
                        host.spec(image, Optional.empty(), ByteSize.ofMiB(128), 1),
                        new PeerOnly());
    }

    /** Everything else is refused, and {@code gone.test} has no address. */
    private static final class PeerOnly implements Destinations {
        @Override
        public boolean knows(String name) {
            return name.endsWith(".test");
        }

        @Override
        public boolean allows(String name, int port) {
            return name.equals(PEER) && port > 1023;
        }

        @Override
        public List<InetAddress> addresses(String name) throws UnknownHostException {
            if (!name.equals(PEER)) {
                throw new UnknownHostException(name);
            }
            return List.of(InetAddress.getLoopbackAddress());
        }
    }

    private static GuestConfig config(Map<String, String> environment) {
        return new GuestConfig(
                environment, "bootstrap", 128, 16, "net", "1", "snap-start", 1_000_000);
    }

    /** One of these that comes from another computer's; it stands still. */
    Machine receive(InputStream stream) throws IOException {
        return host.receive(start.spec(), stream);
    }

    /** It goes on where it was. */
    LiveFunction goOn(Machine machine, MovePoint point, NetworkPoint network) throws Exception {
        GuestNetwork here =
                GuestNetwork.open(
                        machine.frames(), start.destinations(), NetworkSettings.DEFAULT, network);
        AgentChannel channel = AgentChannel.adopting(machine.agent(), point);
        machine.resume();
        channel.release(Optional.of(GuestWake.of(System.currentTimeMillis(), new byte[32])));
        return new LiveFunction(config(Map.of()), machine, channel, here);
    }

    LiveFunction boot() throws Exception {
        return start.boot(config(Map.of()));
    }

    /** A snapshot of one that connects when it begins. */
    Template template(int port) throws Exception {
        snapshots++;
        Path place = folder.resolve("s" + snapshots);
        return start.template(dialing(port), place);
    }

    private static GuestConfig dialing(int port) {
        return config(Map.of("DIAL", PEER + " " + port));
    }

    LiveFunction restore(Template template, int port) throws Exception {
        return start.restore(dialing(port), template);
    }

    /** Has a function do this, a command each; an answer each. */
    static List<String> ask(LiveFunction function, String... commands) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        GuestAnswer answer =
                function.channel()
                        .invoke(
                                new GuestCall(
                                        "call", 2_000_000_000_000L, "arn", "", Optional.empty()),
                                new ByteArrayInputStream(
                                        String.join("\n", commands).getBytes(UTF_8)),
                                head -> {},
                                out::write,
                                log::write);
        if (!(answer instanceof GuestAnswer.Answered)) {
            throw new AssertionError(answer + ": " + log.toString(UTF_8));
        }
        return out.toString(UTF_8).lines().toList();
    }

    /** The same for one command. */
    static String one(LiveFunction function, String command) throws Exception {
        return ask(function, command).getFirst();
    }

    /** The descriptor in an answer. */
    static int descriptor(String answer) {
        if (!answer.startsWith("fd ")) {
            throw new AssertionError(answer);
        }
        return Integer.parseInt(answer.substring(3));
    }

    @Override
    public void close() throws IOException {
        image.close();
        host.close();
        names.close();
    }
}
