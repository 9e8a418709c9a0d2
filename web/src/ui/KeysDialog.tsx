import { editorKeys, keys, keysShown } from "../keys";
import { Dialog } from "./Dialog";

export function KeysDialog() {
  return (
    <Dialog label="Keys" open={keysShown.value} onClose={() => (keysShown.value = false)}>
      <h2>Keys</h2>
      <table>
        <tbody>
          {[...keys, ...editorKeys].map(({ name, does }) => (
            <tr key={name}>
              <th scope="row">
                <kbd>{name}</kbd>
              </th>
              <td>{does}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Dialog>
  );
}
