import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import type { ClickClackOptions } from "../../sandbox/clickclack/server.ts";
import { type Bot, type Contract, makeBot, makeWorkspace, openContract, type Workspace } from "./contract.ts";
import { openReceiver, type Receiver } from "./receiver.ts";

/** What every test of callbacks stands on. */
export interface CallbackStage {
  contract: Contract;
  /** New for each test, as are those below. */
  workspace: Workspace;
  bot: Bot;
  receiver: Receiver;
}

/**
 * Opens the server for a file of tests, and makes a workspace, a bot and a receiver for each test.
 *
 * @param enter told of them before each test
 * @param options of the stand-in
 */
export function onCallbackStage(enter: (stage: CallbackStage) => void, options?: ClickClackOptions): void {
  let contract: Contract;
  let receiver: Receiver;
  beforeAll(async () => {
    contract = await openContract(options);
  });
  beforeEach(async () => {
    receiver = await openReceiver();
    const workspace = await makeWorkspace(contract);
    enter({ contract, workspace, bot: await makeBot(contract, workspace), receiver });
  });
  afterEach(() => receiver.close());
  afterAll(() => contract.close());
}
