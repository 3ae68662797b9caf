package io.runnel.exec.microvm.guest;

/**
 * Who is at the other end.
 *
 * @param version of the agent's protocol
 * @param kernel its kernel's release, in the guest's words
 */
public record AgentHello(int version, String kernel) {}
