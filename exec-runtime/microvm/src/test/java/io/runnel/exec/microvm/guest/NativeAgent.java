package io.runnel.exec.microvm.guest;

import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** The agent as a process of the host; its bootstrap sleeps, and the test speaks in its place. */
final class NativeAgent implements AutoCloseable {
    static final GuestWake WAKE = GuestWake.of(1_700_000_000_000L, new byte[32]);
    private static final String SLEEPER =
            "#!/bin/sh\necho $AWS_LAMBDA_RUNTIME_API\nexec sleep 600\n";

    private final Process process;
    private final AgentChannel channel;
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private int port;

    private NativeAgent(Process process, AgentChannel channel) {
        this.process = process;
        this.channel = channel;
    }

    /** Builds the program into a folder, or skips the test. */
    static void build(Path folder) throws IOException, InterruptedException {
        GuestTools.buildOrSkip("--native", folder.toString());
    }

    /** One with a bootstrap that does nothing. */
    static NativeAgent start(Path folder, Path work) throws Exception {
        NativeAgent agent = start(folder, work, SLEEPER, config(Map.of()));
        while (agent.printed().indexOf('\n') < 0) {
            assertTrue(agent.channel.settle(agent.log::write, later()));
        }
        String address = agent.printed().strip();
        agent.port = Integer.parseInt(address.substring(address.indexOf(':') + 1));
        return agent;
    }

    /** One with this script. */
    static NativeAgent start(Path folder, Path work, String bootstrap, GuestConfig config)
            throws Exception {
        Path script = Files.writeString(work.resolve("bootstrap"), bootstrap);
        assertTrue(script.toFile().setExecutable(true));
        return launch(folder, work, config);
    }

    /** One with what lies in its folder. */
    static NativeAgent launch(Path folder, Path work, GuestConfig config) throws Exception {
        Path path = Files.createTempDirectory("agent").resolve("s");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(path));
            Process process =
                    new ProcessBuilder(
                                    folder.resolve("native").toString(),
                                    path.toString(),
                                    work.toString())
                            .redirectErrorStream(true)
                            .start();
            SocketChannel socket = server.accept();
            NativeAgent agent = new NativeAgent(process, AgentChannel.booting(socket));
            assertTrue(agent.channel.hello(later()).isPresent());
            agent.channel.configure(config, WAKE);
            return agent;
        } finally {
            Files.deleteIfExists(path);
            Files.delete(path.getParent());
        }
    }

    static GuestConfig config(Map<String, String> environment) {
        return new GuestConfig(environment, "h.x", 128, 64, "f", "7", "on-demand", 1_000_000);
    }

    static long later() {
        return System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    }

    AgentChannel channel() {
        return channel;
    }

    RawHttp http() throws IOException {
        return new RawHttp(port);
    }

    String printed() {
        return log.toString(UTF_8);
    }

    /** What a call gave. */
    record Result(GuestAnswer answer, String body, Optional<ResponseHead> head) {}

    /** Makes a call on another thread. */
    Future<Result> call(String id, byte[] body) {
        CompletableFuture<Result> result = new CompletableFuture<>();
        Thread.ofVirtual()
                .start(
                        () -> {
                            try {
                                result.complete(invoke(id, body));
                            } catch (Exception | AssertionError e) {
                                result.completeExceptionally(e);
                            }
                        });
        return result;
    }

    Result invoke(String id, byte[] body) throws IOException, InterruptedException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ResponseHead[] head = new ResponseHead[1];
        GuestAnswer answer =
                channel.invoke(
                        new GuestCall(
                                id, 1_700_000_003_000L, "arn:f", "Root=1", Optional.of("ctx")),
                        new ByteArrayInputStream(body),
                        begun -> head[0] = begun,
                        out::write,
                        log::write);
        return new Result(
                answer,
                out.toString(java.nio.charset.StandardCharsets.ISO_8859_1),
                Optional.ofNullable(head[0]));
    }

    /** Whether the process has ended by itself, and with which code. */
    int exitCode() throws InterruptedException {
        assertTrue(process.waitFor(30, TimeUnit.SECONDS));
        return process.exitValue();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void close() throws IOException {
        channel.close();
        process.onExit().completeOnTimeout(process, 20, TimeUnit.SECONDS).join();
        process.destroyForcibly();
    }
}
