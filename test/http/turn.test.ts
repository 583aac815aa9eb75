import { Turn } from '../../src/http/turn.js';

const endOfTurn = () => new Promise((resolve) => setImmediate(resolve));

describe('the requests of one turn of the event loop', () => {
  it('are all worked on before the first answer goes out', async () => {
    const turn = new Turn();
    const seen: string[] = [];
    for (const name of ['one', 'two', 'three']) {
      turn.onArrival(() => {
        seen.push(`work on ${name}`);
        turn.onAnswer(() => seen.push(`answer ${name}`));
      });
    }
    expect(seen).toEqual([]);
    await endOfTurn();
    expect(seen).toEqual(['work on one', 'work on two', 'work on three', 'answer one', 'answer two', 'answer three']);
  });

  it('do not wait for one whose work waits', async () => {
    const turn = new Turn();
    const seen: string[] = [];
    let finish = (): void => undefined;
    turn.onArrival(() => (finish = () => turn.onAnswer(() => seen.push('late'))));
    turn.onArrival(() => turn.onAnswer(() => seen.push('soon')));
    await endOfTurn();
    expect(seen).toEqual(['soon']);
    finish();
    await endOfTurn();
    expect(seen).toEqual(['soon', 'late']);
  });

  it('leave those that arrive while answers go out to the next turn', async () => {
    const turn = new Turn();
    const seen: string[] = [];
    turn.onAnswer(() => {
      turn.onArrival(() => seen.push('next'));
      seen.push('this');
    });
    await endOfTurn();
    expect(seen).toEqual(['this']);
    await endOfTurn();
    expect(seen).toEqual(['this', 'next']);
  });
});
