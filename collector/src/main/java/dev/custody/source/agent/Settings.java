package dev.custody.source.agent;

import dev.custody.capture.Observer;
import dev.custody.delegations.Binding;
import dev.custody.event.Human;
import dev.custody.identity.SpiffeId;
import dev.custody.source.git.Workplace;
import dev.custody.source.git.Workplaces;
import org.jspecify.annotations.Nullable;

/** Knows where, for whom and under what a hook's session works: never from the hook's word. */
final class Settings {
  private final String product;
  private final Observer observer;
  private final Workplaces workplaces;
  private final @Nullable Oversight oversight;

  Settings(
      String product, Observer observer, Workplaces workplaces, @Nullable Oversight oversight) {
    this.product = product;
    this.observer = observer;
    this.workplaces = workplaces;
    this.oversight = oversight;
  }

  /**
   * The setting of {@code hook}.
   *
   * @param delegation what the agent's environment names; null or blank for nothing
   * @param subAgent who is bound; null for the main agent
   */
  Setting of(Hook hook, @Nullable String delegation, @Nullable String subAgent) {
    String cwd = hook.cwd();
    Workplace workplace = workplaces.at(cwd == null ? "" : cwd);
    Human human = observer.human(hook.session(), workplace.gitEmail());
    SpiffeId agent = SpiffeId.agent(observer.trustDomain(), product, workplace.project());
    return new Setting(
        product,
        workplace,
        human,
        agent,
        binding(hook, workplace, human, agent, delegation, subAgent));
  }

  private Binding binding(
      Hook hook,
      Workplace workplace,
      Human human,
      SpiffeId agent,
      @Nullable String delegation,
      @Nullable String subAgent) {
    String session = hook.session();
    if (oversight == null || session == null) {
      return Binding.NONE;
    }
    String workTree = workplace.workTree();
    return oversight
        .bindings()
        .at(
            workTree == null ? hook.cwd() : workTree,
            delegation,
            human.id(),
            agent,
            session,
            subAgent,
            observer.clock().instant());
  }
}
