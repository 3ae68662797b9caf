package io.runnel.exec.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.isolate.CodeRejectedException;
import io.runnel.exec.wasi.HostSources;
import io.runnel.exec.wasi.WasiFunction;

import org.junit.jupiter.api.Test;

import run.endive.runtime.TrapException;

import java.time.Duration;

class GuestInitializationTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private static GuestInstance instance(String guest) throws Exception {
        byte[] module = Guests.module(guest);
        ModuleShape shape = ModuleScan.scan(module);
        InstanceMaker maker = InstanceMaker.of(module, shape, true);
        return maker.make(Engine.interpreting(module, shape.types()), maker.first());
    }

    private static String failure(GuestInstance instance, Duration limit, Runnable run) {
        var e =
                assertThrows(
                        CodeRejectedException.class,
                        () ->
                                GuestInitialization.run(
                                        instance, HostSources.ofSystem(), limit, run));
        return e.getMessage();
    }

    @Test
    void eachFailureIsNamed() throws Exception {
        GuestInstance spins = instance("init_spins");
        String message = failure(spins, Duration.ofMillis(50), () -> spins.run(0));
        assertTrue(message.contains("took longer than"), message);
        GuestInstance recurses = instance("recurse");
        int command = ModuleScan.scan(Guests.module("recurse")).entries().command();
        message = failure(recurses, LONG, () -> recurses.run(command));
        assertTrue(message.contains("recursed too deeply"), message);
        GuestInstance grows = instance("grow");
        int grow = ModuleScan.scan(Guests.module("grow")).entries().command();
        message = failure(grows, LONG, () -> grows.run(grow));
        assertTrue(message.contains("more than 64MiB of memory"), message);
        assertEquals(1024, grows.memory().pages());
        message =
                failure(
                        spins,
                        LONG,
                        () ->
                                WasiFunction.named("proc_exit")
                                        .orElseThrow()
                                        .call(spins.memory(), 3));
        assertTrue(message.contains("with code 3"), message);
        message =
                failure(
                        spins,
                        LONG,
                        () -> {
                            throw new TrapException("unreachable");
                        });
        assertTrue(message.contains("trapped: unreachable"), message);
    }

    @Test
    void itSeesNoCallersData() throws Exception {
        byte[] module = Guests.module("environment");
        ModuleShape shape = ModuleScan.scan(module);
        GuestInstance instance = instance("environment");
        GuestInitialization.run(
                instance,
                HostSources.ofSystem(),
                LONG,
                () -> instance.run(shape.entries().command()));
        assertEquals(shape.initialPages(), instance.memory().pages());
        assertThrows(java.util.NoSuchElementException.class, () -> instance.memory().call());
    }

    @Test
    void anInterruptEndsIt() throws Exception {
        GuestInstance spins = instance("init_spins");
        Thread.currentThread().interrupt();
        assertThrows(
                InterruptedException.class,
                () ->
                        GuestInitialization.run(
                                spins, HostSources.ofSystem(), LONG, () -> spins.run(0)));
        assertFalse(Thread.interrupted());
    }
}
