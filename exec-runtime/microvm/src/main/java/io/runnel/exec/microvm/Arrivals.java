package io.runnel.exec.microvm;

import io.runnel.exec.microvm.guest.AgentChannel;
import io.runnel.exec.microvm.guest.GuestConfig;
import io.runnel.exec.microvm.machine.Machine;
import io.runnel.exec.network.GuestNetwork;
import io.runnel.exec.network.NetworkSettings;
import io.runnel.exec.task.MoveId;
import io.runnel.exec.task.Task;

import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Calls that were moved here: first they are expected, then their machines stand still, then they
 * run, then somebody asks for their answers. What is not asked for in time ends. Safe for any
 * thread.
 */
final class Arrivals implements AutoCloseable {
    /** For the machine; then for the other node's last word and for who asks for the answer. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Who asks for the answer waits so long for that word. */
    private static final Duration WORD = Duration.ofSeconds(10);

    private static final System.Logger LOG = System.getLogger(Arrivals.class.getName());

    private final Map<MoveId, Arrival> here = new ConcurrentHashMap<>();

    /** A function that goes on here, and what its call has taken elsewhere. */
    record Adopted(LiveFunction live, MovedState state) {}

    /** A machine that has come. Guarded by itself. */
    private static final class Arrival {
        private final MicrovmProgram program;
        private final CompletableFuture<Adopted> adopted = new CompletableFuture<>();
        private Optional<Machine> machine = Optional.empty();
        private boolean comes;
        private boolean taken;

        Arrival(MicrovmProgram program) {
            this.program = program;
        }

        /** Blocks until it is there, or will not come; after {@link #begin}. */
        void receive(InputStream stream) throws IOException {
            Machine came = program.receive(stream);
            if (!keep(came)) {
                came.halt();
                throw new IOException("it was given up while it came");
            }
        }

        synchronized void begin() throws IOException {
            if (comes || machine.isPresent() || !isHere()) {
                throw new IOException("it has come before, or is expected no more");
            }
            comes = true;
        }

        private synchronized boolean keep(Machine came) {
            boolean isWanted = !adopted.isDone();
            if (isWanted) {
                machine = Optional.of(came);
            }
            comes = false;
            return isWanted;
        }

        synchronized boolean hasCome() {
            return machine.isPresent();
        }

        /** Ends one that is as far as it was, and not on its way. */
        synchronized boolean endIfStill(boolean hadCome) {
            return !comes && hasCome() == hadCome && end();
        }

        synchronized boolean goOn(MovedState state, GuestConfig config)
                throws IOException, InterruptedException {
            if (adopted.isDone()) {
                // It is told twice if its first answer was lost.
                return !adopted.isCompletedExceptionally();
            }
            if (machine.isEmpty()) {
                return false;
            }
            Machine here = machine.get();
            GuestNetwork network =
                    GuestNetwork.open(
                            here.frames(),
                            program.destinations(),
                            NetworkSettings.DEFAULT,
                            state.network());
            AgentChannel channel = AgentChannel.adopting(here.agent(), state.agent());
            here.resume();
            channel.release(Optional.of(program.clock().wake()));
            return adopted.complete(
                    new Adopted(new LiveFunction(config, here, channel, network), state));
        }

        /** Who asks for the answer may come before the word that the call goes on here. */
        Optional<Adopted> take() throws InterruptedException {
            try {
                Adopted function = adopted.get(WORD.toMillis(), TimeUnit.MILLISECONDS);
                return mayTake() ? Optional.of(function) : Optional.empty();
            } catch (ExecutionException | TimeoutException e) {
                return Optional.empty();
            }
        }

        private synchronized boolean mayTake() {
            if (taken) {
                return false;
            }
            taken = true;
            program.close();
            return true;
        }

        synchronized boolean isHere() {
            return !taken && !adopted.isCompletedExceptionally();
        }

        /** Whether there was something to end. */
        synchronized boolean end() {
            if (!isHere()) {
                return false;
            }
            if (!adopted.completeExceptionally(new IOException("it has ended"))) {
                taken = true;
                adopted.join().live().close();
            }
            machine.ifPresent(Machine::halt);
            program.close();
            return true;
        }
    }

    /**
     * Makes ready for a machine.
     *
     * @param program that can make such machines; closed by this
     */
    void expect(MoveId id, MicrovmProgram program) throws IOException {
        Arrival arrival = new Arrival(program);
        if (here.putIfAbsent(id, arrival) != null) {
            program.close();
            throw new IOException("it is expected already");
        }
        endLater(id, arrival, false);
    }

    /**
     * Takes a machine in that is expected; it stands still until {@link #goOn}. Blocks until it is
     * there.
     *
     * @param stream what the other node sends of it
     * @throws IOException if it does not come whole, is no such machine, or is not expected
     */
    void receive(MoveId id, InputStream stream) throws IOException {
        Arrival arrival = here.get(id);
        if (arrival == null) {
            throw new IOException("it is not expected");
        }
        arrival.begin();
        try {
            arrival.receive(stream);
        } catch (IOException | RuntimeException e) {
            drop(id);
            throw e;
        }
        endLater(id, arrival, true);
    }

    private void endLater(MoveId id, Arrival arrival, boolean hadCome) {
        Executor later =
                CompletableFuture.delayedExecutor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        var unused = CompletableFuture.runAsync(() -> end(id, arrival, hadCome), later);
    }

    private void end(MoveId id, Arrival arrival, boolean hadCome) {
        if (arrival.endIfStill(hadCome)) {
            LOG.log(Level.WARNING, "nobody has asked for the call that was moved here: {0}", id);
        }
        if (hadCome || !arrival.hasCome()) {
            here.remove(id, arrival);
        }
    }

    /**
     * Lets a function go on whose node has given it up.
     *
     * @return whether it does; false if it is not here any more
     */
    boolean goOn(MoveId id, Task task, MovedState state) throws IOException, InterruptedException {
        Arrival arrival = here.get(id);
        return arrival != null && arrival.goOn(state, GuestSetup.of(task));
    }

    /**
     * The function whose answer is asked for now; whoever asks owns it. Waits for its node's word
     * if that has not come yet.
     */
    Optional<Adopted> take(MoveId id) throws InterruptedException {
        Arrival arrival = here.get(id);
        return arrival == null ? Optional.empty() : arrival.take();
    }

    /** Ends one that nobody will ask for. */
    void drop(MoveId id) {
        Arrival arrival = here.remove(id);
        if (arrival != null) {
            var unused = arrival.end();
        }
    }

    /** Whether a machine of this program's kind waits here. */
    boolean haveOneOf(Task task) {
        return here.values().stream()
                .anyMatch(arrival -> arrival.isHere() && arrival.program.isOf(task.code()));
    }

    @Override
    public void close() {
        here.keySet().forEach(this::drop);
    }
}
