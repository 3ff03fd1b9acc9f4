// The repository's rulebook and its examples as the world of a desk double.

import { answersNamed, realBundle, realRules } from '@/forms/rulebook_for_test';
import { kFrance, type World } from './desk_double';

export async function exampleWorld(seat: string = kFrance): Promise<World> {
  return { rules: await realRules(), files: realBundle().files, answers: answersNamed('assistance-full'), translated: answersNamed('assistance-full-en'), seat };
}
