/** Scenarios that injure a network of real processes, and the command that runs them. */
package io.runnel.chaos;
