package io.runnel.exec.microvm.guest;

import io.runnel.exec.network.Destinations;
import io.runnel.exec.network.GuestNetwork;
import io.runnel.exec.network.NetworkPoint;
import io.runnel.exec.network.NetworkSettings;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How fast a guest's TCP goes to this computer and back, over our network and over passt alone, in
 * turns in one run: two guests that differ in nothing else. A main program: {@code java -cp …
 * NetworkReport [rounds]}.
 */
public final class NetworkReport {
    private static final int ROUNDS = 9;
    private static final int WARM_UP = 3;
    private static final int BYTES = 8 << 20;
    private static final Path PROGRAM = Path.of("src", "test", "guest", "net.c");

    private NetworkReport() {}

    /** This computer, by any name. */
    private static final class Here implements Destinations {
        @Override
        public boolean knows(String name) {
            return true;
        }

        @Override
        public boolean allows(String name, int port) {
            return true;
        }

        @Override
        public List<InetAddress> addresses(String name) {
            return List.of(InetAddress.getLoopbackAddress());
        }
    }

    /** Prints medians and their ratios. */
    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : ROUNDS;
        Path folder = Files.createTempDirectory("net");
        Path ours = made(folder.resolve("ours"));
        Path others = made(folder.resolve("passt"));
        Path wire = others.resolve("wire");
        Process passt = passt(wire);
        try (ServerSocketChannel listening =
                        ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                                .bind(UnixDomainSocketAddress.of(ours.resolve("wire")));
                ServerSocket server = new ServerSocket(0, 9, InetAddress.getLoopbackAddress());
                WiredMachine here = WiredMachine.boot(ours, ours.resolve("wire"));
                GuestNetwork network =
                        GuestNetwork.open(
                                listening.accept(),
                                new Here(),
                                NetworkSettings.DEFAULT,
                                NetworkPoint.NONE);
                WiredMachine there = WiredMachine.boot(others, wire)) {
            Line own = new Line(here, "192.0.2.1", server);
            Line other = new Line(there, "10.0.2.2", server);
            double[][] rates = new double[4][rounds];
            for (int i = -WARM_UP; i < rounds; i++) {
                double[] now = {own.out(), other.out(), own.in(), other.in()};
                for (int k = 0; i >= 0 && k < now.length; k++) {
                    rates[k][i] = now[k];
                }
            }
            print("from a guest, MB/s", rates[0], rates[1]);
            print("to a guest, MB/s", rates[2], rates[3]);
            System.out.println("connections now: " + network.connections());
        } finally {
            passt.destroyForcibly();
        }
    }

    private static Path made(Path folder) throws Exception {
        Path code = Files.createDirectories(folder.resolve("code"));
        var unused = MicrovmTools.compiled(PROGRAM, code.resolve("bootstrap"));
        GuestTools.Ended ended =
                GuestTools.run(
                        new ProcessBuilder(
                                "mksquashfs",
                                code.toString(),
                                folder.resolve("code.squashfs").toString(),
                                "-all-root",
                                "-quiet"));
        if (ended.exitCode() != 0) {
            throw new IOException(ended.said());
        }
        return folder;
    }

    /** For a guest that is set up as ours are; the gateway is this computer. */
    private static Process passt(Path wire) throws IOException {
        Process passt =
                new ProcessBuilder(
                                ("passt --foreground --quiet --runas 0 --socket %s --address"
                                                + " 10.0.2.15 --netmask 24 --gateway 10.0.2.2")
                                        .formatted(wire)
                                        .split(" ", -1))
                        .inheritIO()
                        .start();
        while (passt.isAlive() && !Files.exists(wire)) {
            Thread.onSpinWait();
        }
        if (!passt.isAlive()) {
            throw new IOException("passt has ended: apt-get install passt");
        }
        return passt;
    }

    /** A guest and its way to the server. */
    private record Line(WiredMachine guest, String address, ServerSocket server) {
        private int dial() throws Exception {
            String said = guest.ask("dial %s %d".formatted(address, server.getLocalPort())).get(0);
            if (!said.startsWith("fd ")) {
                throw new IllegalStateException(said);
            }
            return Integer.parseInt(said.substring(3));
        }

        /** From the guest, in MB/s. */
        double out() throws Exception {
            int end = dial();
            try (Socket socket = server.accept()) {
                Thread.ofVirtual().start(() -> drain(socket));
                String said = guest.ask("push %d %d".formatted(end, BYTES)).get(0);
                guest.ask("close " + end);
                return BYTES / 1e3 / Long.parseLong(said.substring("millis ".length()));
            }
        }

        private static void drain(Socket socket) {
            try {
                InputStream in = socket.getInputStream();
                byte[] bytes = new byte[256 * 1024];
                int left = BYTES;
                while (left > 0) {
                    left -= in.read(bytes, 0, Math.min(left, bytes.length));
                }
                socket.getOutputStream().write(1);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        /** To the guest, in MB/s. */
        double in() throws Exception {
            int end = dial();
            try (Socket socket = server.accept()) {
                guest.ask("read " + end);
                long begun = System.nanoTime();
                OutputStream out = socket.getOutputStream();
                out.write(new byte[BYTES]);
                socket.shutdownOutput();
                guest.ask("ended " + end);
                return BYTES * 1e3 / (System.nanoTime() - begun);
            }
        }
    }

    private static double median(double[] values) {
        return Arrays.stream(values).sorted().skip(values.length / 2).findFirst().orElseThrow();
    }

    private static void print(String what, double[] ours, double[] others) {
        double own = median(ours);
        double other = median(others);
        System.out.println(
                String.format(
                        Locale.ROOT,
                        "%-20s ours %6.1f   passt alone %6.1f   ratio %.2f",
                        what,
                        own,
                        other,
                        own / other));
    }
}
