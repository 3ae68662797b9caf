/**
 * Executions that nobody waits for. An event is kept in a store before it is answered, and run
 * later, again if need be, until it succeeds or is given up; a schedule makes one at each tick of
 * its calendar. Asynchronous executions that block, and are suspended and resumed as US20170371706
 * describes, are to follow here; only queued executions are there now.
 */
package io.runnel.exec.durable;
